#include "call/fast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <iostream>
#include <random>

#include "call/examine.hpp"
#include "call/walk.hpp"
#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

// Numbers do not occur here: what they are is the host's.
struct ViewReader {
    using handle = const ArrayView*;
    static bool is_array(handle view) { return view->data != nullptr; }
    static std::byte* data(handle view) { return view->data; }
    static const std::ptrdiff_t* shape(handle view) { return view->shape; }
    static const std::ptrdiff_t* byte_strides(handle view) { return view->byte_strides; }
    static int ndim(handle view) { return view->ndim; }
    static int flags(handle view) { return view->flags; }
    static const void* identity(handle view) { return view->identity; }
    static DType dtype(handle view) { return view->dtype; }
    static bool number(handle, FastForm, std::uint64_t*) { return false; }
};
static_assert(ArrayReader<ViewReader>);

constexpr const char* lines =
    "function add fn(a: *const f8, b: *const f8, c: *f8, n: i4) -> void at 0:3\n"
    "function scale fn(x: *f8, y: *const f4, n: i8, m: u4) -> void at 0:4\n"
    "function gemv fn(m: i4, n: i4, a: *const f8, lda: i4, x: *const f8, incx: i4, y: *f8, incy: i4) -> void at 0:5\n"
    "function filter fn(a: *const f8, b: *f8, m: i8, n: i8, a0: i8, a1: i4) -> void at 0:6\n"
    "function small fn(x: *f8, n: i1) -> void at 0:7\n"
    "function fixed fn(mode: i4, x: *f8, n: i4, last: i8) -> f8 at 0:8\n"
    "function table fn(x: **f8, m: i4, n: i4) -> void at 0:9\n"
    "function name fn(text: *const char, x: *f8, n: i4) -> void at 0:10\n"
    "function told fn(a: *const f8, b: *f8, steps: *i8, dims: *i8) -> void at 0:11\n"
    "function narrow fn(a: *const f8, b: *f8, m: i8, steps: *i4, dims: *const u4) -> void at 0:12\n";

constexpr char builtin_float64 = 0, builtin_float32 = 0, foreign = 0;

// A function, its contract, and both ways to check a call of it.
struct Subject {
    Subject(Library& library, const std::string& name, const std::string& contract) : plan(library.bind(name, contract)) {
        for (Array& array : plan->arrays) array.identity = array.dtype.itemsize == 8 ? &builtin_float64 : &builtin_float32;
        layout = lay_out_call(library.registry().declarations(), *plan->function);
        fast = find_archetype(*plan, layout);
    }

    template <int Count>
    bool check(const std::vector<ArrayView>& views) {
        const ArrayView* handles[Count];
        for (int i = 0; i < Count; ++i) handles[i] = &views[static_cast<std::size_t>(i)];
        for (int i = 0; i < fast->constants; ++i) words[fast->constant[i].word] = fast->constant[i].value;
        const bool accepted = check_and_place<ViewReader, Count>(*fast, handles, words, bytes);
        if (fast->is_uniform) {
            std::uint64_t again[most_fast_words] = {};
            std::size_t same = 0;
            EXPECT_EQ((check_and_place<ViewReader, Count, true>(*fast, handles, again, same)), accepted);
            EXPECT_TRUE(!accepted || same == bytes);
        }
        return accepted;
    }
    bool take_fast(const std::vector<ArrayView>& views) {
        switch (views.size()) {
            case 1: return check<1>(views);
            case 2: return check<2>(views);
            default: return check<3>(views);
        }
    }

    // The index of the array behind argument i.
    std::uint16_t find_array(std::size_t argument) const {
        return argument < plan->inputs.size() ? plan->inputs[argument].index : plan->results[argument - plan->inputs.size()].index;
    }

    // What the general walk has against these arrays; empty when C may be called.
    std::string explain_general(Frame& frame, const std::vector<ArrayView>& views) const {
        for (std::size_t i = 0; i < views.size(); ++i) {
            const std::uint16_t index = find_array(i);
            frame.arrays[index] = views[i];
            const Examination found = examine(plan->arrays[index], views[i], nullptr);
            if (!found.fits()) return plan->arrays[index].name + " needs a copy: " + found.layout_problem;
        }
        Mismatches mismatches;
        bind_symbols(frame, Stage::Inputs, mismatches);
        if (mismatches.empty()) bind_symbols(frame, Stage::Results, mismatches);
        find_overlaps(frame, mismatches);
        if (mismatches.empty()) place(frame, mismatches);
        std::string text;
        for (const Mismatch& mismatch : mismatches) text += mismatch.argument + " " + mismatch.problem + "; ";
        return text;
    }

    // What C would get from the words, against what the general walk placed.
    void expect_same_values(const Frame& frame) const {
        for (std::size_t i = 0; i < layout.parameters.size(); ++i) {
            const ValuePlace& place = layout.parameters[i];
            const int word = (place.on_stack ? first_stack_word : place.cls == AbiClass::Float ? first_float_word : 0) + place.index;
            const Placement& source = plan->parameters[i];
            if (source.source == PlaceSource::Vector)
                expect_same_items(static_cast<std::uint8_t>(word), frame.values[i], plan->vectors[source.index]);
            else
                EXPECT_EQ(std::memcmp(&words[word], frame.values[i], place.size), 0) << plan->parameter_names[i];
        }
    }

    void expect_same_items(std::uint8_t word, const void* value, const Vector& vector) const {
        const auto* entry = std::find_if(fast->vector, fast->vector + fast->vectors, [&](const auto& each) { return each.word == word; });
        ASSERT_LT(entry - fast->vector, fast->vectors) << vector.name;
        const void* items = nullptr;
        std::memcpy(&items, value, sizeof items);
        EXPECT_EQ(words[word], reinterpret_cast<std::uintptr_t>(&words[entry->first])) << vector.name;
        EXPECT_EQ(std::memcmp(&words[entry->first], items, entry->count * std::size_t{vector.type.size}), 0) << vector.name;
    }

    std::shared_ptr<Plan> plan;
    CallLayout layout;
    std::optional<FastPlan> fast;
    std::uint64_t words[most_fast_words] = {};
    std::size_t bytes = 0;
};

// Shapes, steps and flags of arrays that point into one arena, which nobody reads.
class ViewMaker {
  public:
    explicit ViewMaker(std::mt19937_64& dice) : dice_(dice) {}

    ArrayView make(const DType& wanted, std::size_t ndim, std::ptrdiff_t extent, bool is_plain) {
        std::vector<std::ptrdiff_t>& shape = numbers_.emplace_back(ndim, extent);
        std::vector<std::ptrdiff_t>& steps = numbers_.emplace_back(ndim);
        const auto itemsize = static_cast<std::ptrdiff_t>(wanted.itemsize);
        if (!is_plain)
            for (std::ptrdiff_t& one : shape)
                if (roll(4) == 0) one = static_cast<std::ptrdiff_t>(roll(5));
        std::ptrdiff_t contiguous = itemsize;
        for (std::size_t axis = ndim; axis-- > 0;) {
            steps[axis] = contiguous;
            if (!is_plain) bend(steps[axis], itemsize);
            contiguous = std::max<std::ptrdiff_t>(std::abs(steps[axis]), itemsize) * std::max<std::ptrdiff_t>(shape[axis], 1);
        }
        ArrayView view;
        const std::size_t slot = is_plain ? 4096 * used_++ : 8 * roll(120);
        view.data = arena_ + 32768 + slot;
        view.shape = shape.data();
        view.byte_strides = steps.data();
        view.ndim = static_cast<std::uint16_t>(ndim);
        view.dtype = wanted;
        view.identity = wanted.itemsize == 8 ? &builtin_float64 : &builtin_float32;
        view.flags = static_cast<std::uint16_t>(find_contiguity(view) | aligned | writeable);
        if (!is_plain) spoil(view);
        return view;
    }

  private:
    std::size_t roll(std::size_t sides) { return dice_() % sides; }

    void bend(std::ptrdiff_t& step, std::ptrdiff_t itemsize) {
        switch (roll(10)) {
            case 0: step = -step; break;
            case 1: step = 0; break;
            case 2: step += 1; break;  // no multiple of the item
            case 3: step += itemsize; break;
            case 4: step *= 2; break;
            case 5: step = itemsize * static_cast<std::ptrdiff_t>(roll(9)) - 4 * itemsize; break;
            default: break;
        }
    }

    void spoil(ArrayView& view) {
        if (roll(12) == 0) view.flags &= static_cast<std::uint16_t>(~writeable);
        if (roll(12) == 0) view.flags &= static_cast<std::uint16_t>(~aligned);
        if (roll(12) == 0) view.identity = &foreign;  // an equal descriptor that is another object
        if (roll(20) == 0) {
            view.dtype.swapped = true;
            view.identity = &foreign;
        }
    }

    // As NumPy tells it: an axis of one element has any step, an array without elements is contiguous.
    static int find_contiguity(const ArrayView& view) {
        const auto itemsize = static_cast<std::ptrdiff_t>(view.dtype.itemsize);
        std::ptrdiff_t c = itemsize, f = itemsize, elements = 1;
        bool is_c = true, is_f = true;
        for (int axis = 0; axis < view.ndim; ++axis) elements *= view.shape[axis];
        for (int axis = 0; axis < view.ndim; ++axis) {
            const int back = view.ndim - 1 - axis;
            is_f &= view.shape[axis] == 1 || view.byte_strides[axis] == f;
            is_c &= view.shape[back] == 1 || view.byte_strides[back] == c;
            f *= view.shape[axis];
            c *= view.shape[back];
        }
        return elements == 0 ? c_contiguous | f_contiguous : (is_c ? c_contiguous : 0) | (is_f ? f_contiguous : 0);
    }

    static inline std::byte arena_[1 << 16];
    std::mt19937_64& dice_;
    std::deque<std::vector<std::ptrdiff_t>> numbers_;
    std::size_t used_ = 0;
};

class FastTest : public testing::Test {
  protected:
    std::vector<ArrayView> make_views(const Subject& subject, ViewMaker& maker, std::ptrdiff_t extent, bool is_plain) {
        std::vector<ArrayView> views;
        for (std::size_t i = 0; i < subject.plan->inputs.size() + subject.plan->results.size(); ++i) {
            const Array& array = subject.plan->arrays[subject.find_array(i)];
            views.push_back(maker.make(array.dtype, array.axes.size(), extent, is_plain));
        }
        return views;
    }

    Library library{lines};
    std::mt19937_64 dice{20240311};
};

constexpr std::pair<const char*, const char*> contracts[] = {
    {"add", "a[n], b[n] -> c[n]"},
    {"add", "a[n,n], b[n] -> c[n,n]"},
    {"scale", "inout x[n], y[m]"},
    {"scale", "inout x[n,m], y[m]"},
    {"gemv", "a[m:lda,n], x[n:incx], inout y[m:incy]"},
    {"filter", "a[m:,n:], inout b[m,n]; a0 = stride(a, 0); a1 = byte_stride(a, 1)"},
    {"filter", "a[m:,n], inout b[m:,n:]; a0 = 7; a1 = 2"},
    {"small", "inout x[n]"},
    {"told", "a[m:,n:] -> b[m,n]; steps = byte_strides(a); dims = shape(a)"},
    {"told", "a[m:,n:], inout b[k:,n:]; steps = byte_strides(b); dims = [n, k, m]"},
    {"told", "a[m,n] -> b[n,m]; steps = [n, -7, m]; dims = shape(b)"},
    {"narrow", "a[m:,n:] -> b[m,n]; steps = byte_strides(a); dims = shape(a)"},
};

TEST_F(FastTest, WhatTheFastPathTakesTheGeneralWalkTakesWithTheSameValues) {
    std::cout << "seed 20240311\n";
    for (const auto& [name, contract] : contracts) {
        Subject subject(library, name, contract);
        ASSERT_TRUE(subject.fast) << contract;
        std::size_t taken = 0;
        for (int round = 0; round < 16000; ++round) {
            ViewMaker maker(dice);
            const auto views = make_views(subject, maker, static_cast<std::ptrdiff_t>(dice() % 4), false);
            if (!subject.take_fast(views)) continue;
            ++taken;
            Frame frame(*subject.plan);
            ASSERT_EQ(subject.explain_general(frame, views), "") << contract << ", round " << round;
            subject.expect_same_values(frame);
            ASSERT_FALSE(HasNonfatalFailure()) << contract << ", round " << round;
        }
        EXPECT_GT(taken, 40u) << contract;  // or nothing was tested
    }
}

TEST_F(FastTest, PlainArraysOfItsOwnTakeTheFastPath) {
    for (const auto& [name, contract] : contracts) {
        Subject subject(library, name, contract);
        for (const std::ptrdiff_t extent : {2, 3, 10}) {
            ViewMaker maker(dice);
            EXPECT_TRUE(subject.take_fast(make_views(subject, maker, extent, true))) << contract << ", extent " << extent;
        }
    }
}

TEST_F(FastTest, AnExtentThatDoesNotFitItsCTypeIsLeftToTheGeneralWalk) {
    Subject subject(library, "small", "inout x[n]");
    ViewMaker maker(dice);
    EXPECT_TRUE(subject.take_fast({maker.make({'f', false, 8}, 1, 127, true)}));
    EXPECT_FALSE(subject.take_fast({maker.make({'f', false, 8}, 1, 128, true)}));
}

TEST_F(FastTest, AnItemThatDoesNotFitAVectorIsLeftToTheGeneralWalk) {
    Subject subject(library, "narrow", "a[m:] -> b[m]; steps = byte_strides(a); dims = [m]");
    ASSERT_TRUE(subject.fast);
    ViewMaker maker(dice);
    const DType float64{'f', false, 8};
    const std::ptrdiff_t most = UINT32_MAX;
    ArrayView view = maker.make(float64, 1, most, true);  // nobody reads the elements
    EXPECT_TRUE(subject.take_fast({view}));
    EXPECT_FALSE(subject.take_fast({maker.make(float64, 1, most + 1, true)}));
    view = maker.make(float64, 1, 2, true);
    const std::ptrdiff_t wide = INT32_MAX - 7, wider = std::ptrdiff_t{INT32_MAX} + 1;
    view.byte_strides = &wide;
    EXPECT_TRUE(subject.take_fast({view}));
    view.byte_strides = &wider;
    EXPECT_FALSE(subject.take_fast({view}));
}

TEST_F(FastTest, AnArrayOfAnotherRankOrKindIsLeftToTheGeneralWalk) {
    Subject subject(library, "small", "inout x[n]");
    ViewMaker maker(dice);
    EXPECT_FALSE(subject.take_fast({maker.make({'f', false, 8}, 2, 3, true)}));
    EXPECT_FALSE(subject.take_fast({maker.make({'f', false, 4}, 1, 3, true)}));
    EXPECT_FALSE(subject.take_fast({maker.make({'i', false, 8}, 0, 3, true)}));
    EXPECT_FALSE(subject.take_fast({ArrayView{}}));
}

TEST_F(FastTest, ArraysThatShareOneByteAreLeftToTheGeneralWalk) {
    Subject subject(library, "add", "a[n], b[n] -> c[n]");
    ViewMaker maker(dice);
    auto views = make_views(subject, maker, 4, true);
    EXPECT_TRUE(subject.take_fast(views));
    views[1].data = views[0].data;  // two inputs may be one array
    EXPECT_TRUE(subject.take_fast(views));
    views[2].data = views[0].data + 32;  // side by side
    EXPECT_TRUE(subject.take_fast(views));
    views[2].data = views[0].data + 24;
    EXPECT_FALSE(subject.take_fast(views));
}

TEST_F(FastTest, ConstantsHaveTheirWord) {
    Subject subject(library, "fixed", "inout x[n] -> return; mode = 3; last = -1");
    ASSERT_TRUE(subject.fast);
    ViewMaker maker(dice);
    ASSERT_TRUE(subject.take_fast({maker.make({'f', false, 8}, 1, 5, true)}));
    EXPECT_EQ(subject.words[0], 3u);
    EXPECT_EQ(subject.words[2], 5u);
    EXPECT_EQ(subject.words[3], static_cast<std::uint64_t>(-1));
    EXPECT_TRUE(subject.fast->returns_number);
}

TEST_F(FastTest, WhatNeedsMoreThanOneLookIsLeftToTheGeneralWalk) {
    const std::pair<const char*, const char*> general[] = {
        {"add", "a[n], b[n+1] -> c[n]"},
        {"add", "a[n], b[3] -> c[n]"},
        {"add", "a[n], lowest b[n] -> c[n]"},
        {"add", "a[n], copy b[n] -> c[n]"},
        {"add", "a[n], b[n]? -> c[n]"},
        {"add", "a[n], b[n] -> c[n]?"},
        {"add", "a[n], b[n] -> c[n]; check n > 2"},
        {"add", "a[*s], b[*s] -> c[*s]; n = size(a)"},
        {"add", "a[n], b[n] -> c[n]; alias b, c"},
        {"add", "a[n], b[n], n -> c[n]"},
        {"add", "a[n:n], b[3] -> c[n]"},
        {"fixed", "mode = 3, inout x[n], last -> return"},
        {"table", "inout rows x[m,n]"},
        {"name", "text, inout x[n]"},
        {"fixed", "mode, inout x[n], last; ok return > 0"},
        {"told", "a[m,n] -> b[m,n]; steps = byte_strides(a); dims = shape(a)"},  // of a short axis NumPy may say anything
        {"told", "a[m:,n:] -> b[m,n]; steps = byte_strides(a); dims = [m, 2*n]"},
        {"narrow", "a[m:,n:] -> b[m,n]; steps = byte_strides(a); dims = [n, -1]"},
        {"told", "a[m:,n:], k -> b[m,n]; steps = byte_strides(a); dims = [k]"},
        {"told", "a[*s], inout b[*s]; steps = [0]; dims = shape(a)"},
    };
    for (const auto& [name, contract] : general) EXPECT_FALSE(Subject(library, name, contract).fast) << contract;
}

}  // namespace
}  // namespace ndcall::test
