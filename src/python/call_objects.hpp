// The objects of one call, from when they are taken until C has returned.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "call/frame.hpp"
#include "plan/mismatch.hpp"
#include "python/arguments.hpp"
#include "python/function_object.hpp"
#include "python/take_array.hpp"

namespace ndcall {

// What an overload is asked: must it fit as it is, or may inputs be converted?
enum class Fit : std::uint8_t { Exact, Convert };

// Takes each object for what C is handed in its place, and looks at it again when code of the caller's may have changed it. What is refused is
// among the mismatches, with name and position, and the others are looked at all the same.
class CallObjects {
  public:
    CallObjects(FunctionState& state, const Plan& plan, Fit fit, Frame& frame, Mismatches& mismatches);

    // Every object is asked once; numbers, texts and structs are in the frame then. False: a Python error, or something is refused.
    bool take(PyObject* const* values, Py_ssize_t count, PyObject* keywords);

    // An array whose dtype, shape or flags were set since it was taken is refused; so is a struct that holds one. When nothing ran that could
    // do so, nothing is looked at. From here to C, no Python code may run. False: a Python error, or something is refused.
    bool check_again();
    void note_foreign_code() { ran_foreign_code_ = true; }  // something was done that lets code of the caller's run

    // The dtype of the array that like() of the demand names, and whether copies are allowed.
    TakeOptions make_options(const Array& demand, const std::string& name) const;

    // Whether the caller wants a result, and whether he brought the memory for it.
    bool is_asked(std::size_t result) const;

    Arguments arguments;
    std::vector<TakenArray> inputs, results;  // by array
    std::vector<Owned<>> structs;             // by struct: what C is handed
    std::vector<Owned<>> struct_inputs;       // of names on both sides: what is copied into the result

  private:
    bool take_inputs();  // false: a Python error
    Conversion take_input(const Input& input, PyObject* object);
    Conversion take_default(const Input& input);
    Conversion take_number(std::uint16_t index, PyObject* object);
    Conversion take_array_input(const Input& input, PyObject* object);
    Conversion take_text_input(std::uint16_t index, PyObject* object);
    Conversion take_struct_input(std::uint16_t index, PyObject* object);
    Conversion take_struct(std::uint16_t index, PyObject* object);
    bool take_given_results();
    bool warn_of_copies();
    bool is_disturbed() const;
    bool check_array_again(const Array& demand, const std::string& name, TakenArray& taken);
    bool check_structs_again();
    Conversion check_struct(std::uint16_t index, PyObject* object);
    Conversion keep_refusal(Conversion conversion, Mismatch mismatch);
    void name_mismatches(const std::string& name, std::int32_t position);

    FunctionState& state_;
    const Plan& plan_;
    Fit fit_;
    Frame& frame_;
    Mismatches& mismatches_;
    std::vector<Owned<>> texts_;
    std::size_t named_ = 0;  // mismatches that have their argument's name and position
    bool ran_foreign_code_ = false;
};

}  // namespace ndcall
