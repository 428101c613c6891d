/* A filter over the 3 x 3 neighbourhood of every pixel, for images with any steps between rows and columns. */
#include <stddef.h>

/* One pixel of an image whose neighbours in a row are `column` bytes apart and whose rows are `row` bytes apart. */
static double pixel(const char *image, ptrdiff_t i, ptrdiff_t row, ptrdiff_t j, ptrdiff_t column) {
    return *(const double *)(image + i * row + j * column);
}

/// Weighted sum of each pixel (1), its four neighbours (0.5 each) and its four diagonal neighbours (0.25 each).
///
/// The border stays zero: its pixels lack neighbours. `a` may be transposed, reversed or a slice of a larger image.
///
/// ndcall: a[m:,n:] -> b[m,n]; astrides = byte_strides(a); dims = shape(a)
void dfilter2d(double *a, double *b, ptrdiff_t *astrides, ptrdiff_t *dims) {
    const char *image = (const char *)a;
    const ptrdiff_t row = astrides[0], column = astrides[1]; /* bytes, negative for a reversed image */
    for (ptrdiff_t i = 1; i < dims[0] - 1; i++) {
        for (ptrdiff_t j = 1; j < dims[1] - 1; j++) {
            double sides = pixel(image, i - 1, row, j, column) + pixel(image, i + 1, row, j, column) +
                           pixel(image, i, row, j - 1, column) + pixel(image, i, row, j + 1, column);
            double corners = pixel(image, i - 1, row, j - 1, column) + pixel(image, i - 1, row, j + 1, column) +
                             pixel(image, i + 1, row, j - 1, column) + pixel(image, i + 1, row, j + 1, column);
            b[i * dims[1] + j] = pixel(image, i, row, j, column) + 0.5 * sides + 0.25 * corners;
        }
    }
}
