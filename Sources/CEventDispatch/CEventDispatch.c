#include "CEventDispatch.h"

_Thread_local const void *ed_thread_scope_storage;
