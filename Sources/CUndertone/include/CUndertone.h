// What Swift can't do by itself or can't do fast: see each declaration.
#ifndef CUNDERTONE_H
#define CUNDERTONE_H

#include <stddef.h>
#include <stdint.h>

#endif
