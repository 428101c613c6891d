// What names of parameters and functions are used for by nearly everybody. Conventions, never facts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ndcall::detail {

std::string to_lower(std::string_view text);

bool is_count_name(std::string_view name);          // n, len, nx, num_items, size1
bool is_index_name(std::string_view name);          // i, idx, level: a number that is no length
bool is_step_name(std::string_view name);           // incx, stride, stride1
bool is_leading_name(std::string_view name);        // lda, ldb
bool is_item_size_name(std::string_view name);      // size, width, elem_size: bytes of one item behind a void *
bool is_result_name(std::string_view name);         // out, result, dst, y_out
bool is_single_result_name(std::string_view name);  // abserr, info, chisq: one value even beside arrays
bool is_statistic_name(std::string_view name);      // mean, max: one value where there is one length
bool is_unsized_name(std::string_view name);        // work, control: arrays whose length only a manual tells
bool is_index_array_name(std::string_view name);    // Ap, indptr: where the columns of a sparse matrix begin
bool is_user_name(std::string_view name);           // user, data, ctx: handed to a callback unread
bool is_predicate_name(std::string_view name);      // ..._is_empty, ..._count: what such a function returns is no status

// `nx`, `x_len`, `len_x`, `size_x`: whether `count` is the length of `array` by its name.
bool is_own_count(std::string_view count, std::string_view array);
bool is_own_step(std::string_view step, std::string_view array);        // incx, x_stride, wstride
bool is_own_leading(std::string_view leading, std::string_view array);  // lda for a

bool is_making_name(std::string_view function);   // gsl_rng_alloc, foo_open
bool is_freeing_name(std::string_view function);  // gsl_rng_free, fftw_destroy_plan

}  // namespace ndcall::detail
