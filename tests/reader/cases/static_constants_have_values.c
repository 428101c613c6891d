static const double g = 9.80665;
static const unsigned long long most = 0xffffffffffffffff;
static const int below = -3;
static const int later;
