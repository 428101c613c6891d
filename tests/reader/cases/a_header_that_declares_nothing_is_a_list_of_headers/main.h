// reader options -- -I{folder}/include
#ifndef MAIN_H
#define MAIN_H
#define VERSION 3
#include <stdio.h>
#include <part/all.h>
#include <part/one.h>
#ifdef __cplusplus
extern "C" {
#endif
#endif
