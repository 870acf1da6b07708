// The files under fixtures/digits/, as they are. A test compares the two.
#include "CDigits.h"

static const uint8_t images[] = {
#embed "../../fixtures/digits/images.idx3-ubyte"
};
static const uint8_t labels[] = {
#embed "../../fixtures/digits/labels.idx1-ubyte"
};

undertone_digits_file undertone_digits_images(void) { return (undertone_digits_file){images, sizeof images}; }

undertone_digits_file undertone_digits_labels(void) { return (undertone_digits_file){labels, sizeof labels}; }
