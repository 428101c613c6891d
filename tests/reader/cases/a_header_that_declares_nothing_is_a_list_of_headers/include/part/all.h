#pragma once
#include <other/other.h>
#include <part/one.h>
#include <part/two.h>
