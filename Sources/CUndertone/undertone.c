#include "CUndertone.h"
