#pragma once
typedef int of_other;
int other(void);
