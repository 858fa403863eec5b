#include "CMemoryUse.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

size_t allocated_bytes(void) {
#if defined(__GLIBC__)
    struct mallinfo2 use = mallinfo2();
    return use.uordblks + use.hblkhd;
#else
    return 0;
#endif
}
