#pragma once
#include <other/other.h>
int two(of_other a);
