/* Any bytes for http_read(): see http_check.h for what must hold. */
#include "http_check.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *wrong = http_check_sample((const char *)data, size);

	if (wrong == NULL)
		return 0;
	fprintf(stderr, "does not hold: %s\n", wrong);
	abort();
}
