#include "CEventDispatch.h"

_Thread_local void *ed_thread_frame_storage;
_Thread_local const void *ed_starting_batch_storage;
_Thread_local const void *ed_keyed_section_storage;
_Thread_local unsigned ed_thread_number_storage;
unsigned ed_threads_numbered;
long ed_handlers_in_tasks;
