typedef struct node { struct node *next; struct other *side; double value; } node;
struct other { node *back; };
double sum(const node *list);
