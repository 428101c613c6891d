// 10,000 random signatures through the trampoline, against libffi: a closure of libffi as the callee, and a callee of ours that records
// every register and stack word, called once by libffi and once by us.
#include <ffi.h>
#include <gtest/gtest.h>
#include <unwind.h>

#include <cstring>
#include <iostream>
#include <memory>
#include <random>

#include "abi/abi.hpp"
#include "abi/native_abi.hpp"
#include "abi/record_call.hpp"
#include "abi/type_pool.hpp"

NdcallTestRecord ndcall_test_record;

namespace ndcall {
namespace {

constexpr std::uint64_t seed = 20240229;
constexpr int signatures = 10000;

using Bytes = std::vector<std::byte>;

// A C type, and what libffi calls it. This table is the oracle's own: nothing of src/call is asked.
struct Sample {
    const Type* type;
    ffi_type* ffi;
    bool is_float = false, is_signed = false, is_bool = false;
    std::size_t size() const { return ffi->size; }
};

std::vector<Sample> make_samples(TypePool& types) {
    const Type* pointer = types.of<void*>();
    const Type* number = types.of<double>();
    return {{types.of<bool>(), &ffi_type_uint8, false, false, true},
            {types.of<char>(), std::is_signed_v<char> ? &ffi_type_sint8 : &ffi_type_uint8, false, std::is_signed_v<char>},
            {types.of<std::int8_t>(), &ffi_type_sint8, false, true},
            {types.of<std::uint8_t>(), &ffi_type_uint8},
            {types.of<std::int16_t>(), &ffi_type_sint16, false, true},
            {types.of<std::uint16_t>(), &ffi_type_uint16},
            {types.of<std::int32_t>(), &ffi_type_sint32, false, true},
            {types.of<std::uint32_t>(), &ffi_type_uint32},
            {types.of<std::int64_t>(), &ffi_type_sint64, false, true},
            {types.of<std::uint64_t>(), &ffi_type_uint64},
            {types.enumeration(), &ffi_type_sint32, false, true},
            {pointer, &ffi_type_pointer},
            {types.of<float>(), &ffi_type_float, true},
            {types.of<float>(), &ffi_type_float, true},
            {number, &ffi_type_double, true},
            {number, &ffi_type_double, true},
            // Parameters only:
            {types.array_of(number, 3), &ffi_type_pointer},
            {types.function(number, {number}), &ffi_type_pointer}};
}
constexpr std::size_t parameter_only = 2;

// One signature with its values. Each value lies at an odd address among random bytes, so that a load of the wrong width or place shows.
struct Trial {
    std::vector<Sample> parameters;
    Sample result{};
    bool is_void = false;
    Bytes arena;
    std::vector<const void*> addresses;
    std::uint64_t result_bits = 0;
};

class Dice {
  public:
    explicit Dice(std::uint64_t start) : engine_(start) {}
    std::size_t below(std::size_t limit) { return engine_() % limit; }
    std::uint64_t bits() { return engine_(); }

  private:
    std::mt19937_64 engine_;
};

Trial throw_trial(Dice& dice, const std::vector<Sample>& samples) {
    Trial trial;
    const std::size_t count = dice.below(41);
    for (std::size_t i = 0; i < count; ++i) trial.parameters.push_back(samples[dice.below(samples.size())]);
    trial.result = samples[dice.below(samples.size() - parameter_only)];
    trial.is_void = dice.below(10) == 0;
    trial.result_bits = trial.result.is_bool ? dice.below(2) : dice.bits();
    trial.arena.resize(count * 24 + 32);
    for (std::byte& byte : trial.arena) byte = static_cast<std::byte>(dice.bits());
    for (std::size_t i = 0; i < count; ++i) {
        std::byte* at = trial.arena.data() + i * 24 + 8 + dice.below(8);
        if (trial.parameters[i].is_bool) *at = static_cast<std::byte>(dice.below(2));
        trial.addresses.push_back(at);
    }
    return trial;
}

CallLayout lay_out_trial(TypePool& types, const Trial& trial) {
    std::vector<const Type*> parameters;
    for (const Sample& sample : trial.parameters) parameters.push_back(sample.type);
    return lay_out_call(types.declarations, *types.function(trial.is_void ? types.of<void>() : trial.result.type, parameters));
}

// The callee that libffi makes: writes its arguments down, each in its own width.
class Closure {
  public:
    Closure() : closure_(static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &code_))) {}
    ~Closure() { ffi_closure_free(closure_); }
    Closure(const Closure&) = delete;
    Closure& operator=(const Closure&) = delete;

    ffi_cif* prepare(const Trial& trial) {
        trial_ = &trial;
        received_.clear();
        types_.clear();
        for (const Sample& sample : trial.parameters) types_.push_back(sample.ffi);
        ffi_type* result = trial.is_void ? &ffi_type_void : trial.result.ffi;
        EXPECT_EQ(ffi_prep_cif(&cif_, FFI_DEFAULT_ABI, static_cast<unsigned>(types_.size()), result, types_.data()), FFI_OK);
        EXPECT_EQ(ffi_prep_closure_loc(closure_, &cif_, &Closure::receive, this, code_), FFI_OK);
        return &cif_;
    }
    void (*function() const)() { return reinterpret_cast<void (*)()>(code_); }
    const std::vector<Bytes>& received() const { return received_; }

  private:
    static void receive(ffi_cif* cif, void* result, void** arguments, void* user) {
        auto* self = static_cast<Closure*>(user);
        for (unsigned i = 0; i < cif->nargs; ++i) {
            const auto* bytes = static_cast<const std::byte*>(arguments[i]);
            self->received_.emplace_back(bytes, bytes + cif->arg_types[i]->size);
        }
        if (!self->trial_->is_void) std::memcpy(result, &self->trial_->result_bits, sizeof(ffi_arg));  // the upper bits are poison
    }

    void* code_ = nullptr;
    ffi_closure* closure_;
    ffi_cif cif_{};
    std::vector<ffi_type*> types_;
    const Trial* trial_ = nullptr;
    std::vector<Bytes> received_;
};

void expect_result(const Trial& trial, const std::byte* result) {
    const std::size_t size = trial.is_void ? 0 : trial.result.size();
    EXPECT_EQ(std::memcmp(result, &trial.result_bits, size), 0) << "the result differs";
    for (std::size_t i = size; i < 32; ++i) ASSERT_EQ(result[i], std::byte{0xcc}) << "byte " << i << " after the result was written";
}

void call_closure(Closure& closure, const Trial& trial, const CallLayout& layout) {
    closure.prepare(trial);
    alignas(16) std::byte result[32];
    std::memset(result, 0xcc, sizeof result);
    invoke(layout, closure.function(), trial.addresses.data(), result);
    ASSERT_EQ(closure.received().size(), trial.parameters.size());
    for (std::size_t i = 0; i < trial.parameters.size(); ++i)
        EXPECT_EQ(std::memcmp(closure.received()[i].data(), trial.addresses[i], trial.parameters[i].size()), 0) << "argument " << i;
    expect_result(trial, result);
}

TEST(AbiRandom, ALibffiClosureReceivesEveryArgument) {
    std::cout << "seed " << seed << "\n";
    TypePool types;
    const std::vector<Sample> samples = make_samples(types);
    Dice dice(seed);
    Closure closure;
    int spilled = 0, direct = 0;
    for (int i = 0; i < signatures && !::testing::Test::HasFailure(); ++i) {
        SCOPED_TRACE("signature " + std::to_string(i) + " of seed " + std::to_string(seed));
        const Trial trial = throw_trial(dice, samples);
        const CallLayout layout = lay_out_trial(types, trial);
        direct += layout.direct;
        spilled += layout.stack_words > 0;
        call_closure(closure, trial, layout);
    }
    if (!NDCALL_HAS_TRAMPOLINE) return;
    EXPECT_EQ(direct, signatures);
    EXPECT_GE(spilled, signatures / 3);
}

#if NDCALL_HAS_TRAMPOLINE

constexpr std::uint64_t poison = 0xdeadbeefcafef00d;

struct Recorded {
    NdcallTestRecord registers;
    std::vector<std::uint64_t> stack;
};

void prepare_record(std::vector<std::uint64_t>& stack, const Trial& trial) {
    ndcall_test_record = {};
    ndcall_test_record.stack = stack.data();
    ndcall_test_record.stack_words = stack.size();
    ndcall_test_record.integer_result = trial.result.is_float ? poison : trial.result_bits;
    ndcall_test_record.float_result = trial.result.is_float ? trial.result_bits : poison;
}

// The oracle: libffi's own idea of where each argument goes.
Recorded record_libffi(ffi_cif* cif, const Trial& trial, std::size_t stack_words) {
    Recorded recorded{{}, std::vector<std::uint64_t>(stack_words)};
    prepare_record(recorded.stack, trial);
    std::vector<void*> values;
    for (const void* address : trial.addresses) values.push_back(const_cast<void*>(address));
    alignas(16) std::byte result[32];
    ffi_call(cif, &ndcall_test_record_call, result, values.data());
    recorded.registers = ndcall_test_record;
    return recorded;
}

// By hand, as the fast path does it, so that nothing stands between the guard and the trampoline.
Recorded record_trampoline(const Trial& trial, const CallLayout& layout, CallReturn& returned) {
    Recorded recorded{{}, std::vector<std::uint64_t>(layout.stack_words)};
    prepare_record(recorded.stack, trial);
    std::vector<std::uint64_t> stack(layout.stack_words, poison);
    CallWords words;
    for (std::uint64_t& word : words.integers) word = poison;
    for (FloatRegister& word : words.floats) word = {poison, poison};
    for (std::size_t i = 0; i < layout.parameters.size(); ++i) {
        const ValuePlace& place = layout.parameters[i];
        const bool is_float = place.cls == AbiClass::Float;
        std::uint64_t& home = place.on_stack ? stack[place.index] : is_float ? words.floats[place.index].low : words.integers[place.index];
        home = load_word(place, trial.addresses[i]);
    }
    words.stack = stack.data();
    words.stack_words = layout.stack_words;
    words.floats_used = layout.floats;
    EXPECT_EQ(ndcall_test_guard_call(&ndcall_test_record_call, &words, &returned), 0U) << "a register of the caller was changed";
    recorded.registers = ndcall_test_record;
    return recorded;
}

std::uint64_t find_word(const Recorded& recorded, const ValuePlace& place) {
    if (place.on_stack) return recorded.stack[place.index];
    return place.cls == AbiClass::Float ? recorded.registers.floats[place.index] : recorded.registers.integers[place.index];
}

std::uint64_t mask_of(const Sample& sample) {
    return sample.size() == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * sample.size())) - 1;
}

// The value as 64 bits, extended by its own sign: what the whole word must hold.
std::uint64_t widen_sample(const Sample& sample, const void* value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, value, sample.size());
    const bool is_negative = sample.is_signed && (bits >> (8 * sample.size() - 1) & 1) != 0;
    return is_negative ? bits | ~mask_of(sample) : bits;
}

void compare_records(const Trial& trial, const CallLayout& layout, const Recorded& ours, const Recorded& theirs) {
    for (std::size_t i = 0; i < trial.parameters.size(); ++i) {
        const ValuePlace& place = layout.parameters[i];
        const std::uint64_t mask = mask_of(trial.parameters[i]);
        EXPECT_EQ(find_word(ours, place) & mask, find_word(theirs, place) & mask) << "argument " << i << " in " << describe_place(place);
        EXPECT_EQ(find_word(ours, place), widen_sample(trial.parameters[i], trial.addresses[i])) << "the whole word of argument " << i;
    }
    EXPECT_EQ(ours.registers.stack_pointer % 16, entry_misalignment) << "the stack is not aligned";
#if defined(__x86_64__)
    EXPECT_EQ(ours.registers.rax & 0xff, layout.floats) << "al does not count the vector registers";
#endif
}

TEST(AbiRandom, RegistersAndStackAreFilledAsLibffiFillsThem) {
    TypePool types;
    const std::vector<Sample> samples = make_samples(types);
    Dice dice(seed + 1);
    Closure closure;
    for (int i = 0; i < signatures && !::testing::Test::HasFailure(); ++i) {
        SCOPED_TRACE("signature " + std::to_string(i) + " of seed " + std::to_string(seed + 1));
        const Trial trial = throw_trial(dice, samples);
        const CallLayout layout = lay_out_trial(types, trial);
        const Recorded theirs = record_libffi(closure.prepare(trial), trial, layout.stack_words);
        CallReturn returned{};
        const Recorded ours = record_trampoline(trial, layout, returned);
        compare_records(trial, layout, ours, theirs);
        alignas(16) std::byte result[32];
        std::memset(result, 0xcc, sizeof result);
        store_result(layout.result, returned, result);
        expect_result(trial, result);
    }
}

TEST(AbiRandom, ThousandsOfStackWordsArePassed) {
    TypePool types;
    const Type* number = types.of<std::int64_t>();
    constexpr std::size_t count = 20000;
    const CallLayout layout = lay_out_call(types.declarations, *types.function(number, std::vector<const Type*>(count, number)));
    std::vector<std::int64_t> values(count);
    std::vector<const void*> addresses;
    for (std::size_t i = 0; i < count; ++i) addresses.push_back(&(values[i] = static_cast<std::int64_t>(i)));
    std::vector<std::uint64_t> stack(layout.stack_words);
    prepare_record(stack, Trial{});
    alignas(16) std::byte result[32];
    invoke(layout, &ndcall_test_record_call, addresses.data(), result);
    constexpr std::size_t in_registers = native_abi.integers.size();
    ASSERT_EQ(stack.size(), count - in_registers);
    for (std::size_t i = 0; i < stack.size(); ++i) ASSERT_EQ(stack[i], i + in_registers);
}

// What an exception, a debugger and a profiler do: walk from the callee to the caller of the trampoline, and find its registers there.
struct CallerFrame {
    int frames = 0;
    std::vector<std::uint64_t> registers;
} caller_frame;

_Unwind_Reason_Code look_at_frame(_Unwind_Context* frame, void*) {
    void* function = _Unwind_FindEnclosingFunction(reinterpret_cast<void*>(_Unwind_GetIP(frame)));
    if (function != reinterpret_cast<void*>(&ndcall_test_guard_call)) return _URC_NO_REASON;
    ++caller_frame.frames;
    for (const GuardedRegister& guarded : guarded_registers) caller_frame.registers.push_back(_Unwind_GetGR(frame, guarded.number));
    return _URC_NO_REASON;
}

void walk_frames() { _Unwind_Backtrace(&look_at_frame, nullptr); }

TEST(AbiRandom, TheCallerAndItsRegistersAreFoundFromTheCallee) {
    const std::vector<std::uint64_t> stack(5);
    for (std::uint32_t count = 0; count <= 5; ++count) {
        caller_frame = {};
        CallWords words{};
        words.stack = stack.data();
        words.stack_words = count;
        CallReturn returned;
        ndcall_test_guard_call(&walk_frames, &words, &returned);
        ASSERT_EQ(caller_frame.frames, 1);
        for (std::size_t i = 0; i < std::size(guarded_registers); ++i)
            EXPECT_EQ(caller_frame.registers[i], guarded_registers[i].value) << "register " << guarded_registers[i].number;
    }
}

#endif

}  // namespace
}  // namespace ndcall
