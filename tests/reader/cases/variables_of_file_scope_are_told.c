double table[3];
const int limit = 42;
static int hidden;
_Thread_local int errors;
extern double grid[][2];
double grid[4][2];
/// the current state
struct { int n; } state;
