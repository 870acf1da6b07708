// libcurl's easy interface.
#include <curl/curl.h>
