// A plan: all that a call needs to know, decided once. Immutable after binding, owns its memory, one table per phase.
//
// A call walks the tables in this order (src/call does the work, src/python brings the objects):
//   inputs    -> each Python argument becomes a cell (a number), an array view, a text or a struct
//   equations -> extents and steps of arrays bind the cells that nobody gave, or are compared with those that are known
//   checks    -> conditions on what is known before C runs
//   results   -> arrays are allocated, then the rest of the equations
//   places    -> every C parameter and struct member gets its raw value
//   tests     -> ok and warn, after C returned
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "declaration/declaration.hpp"
#include "plan/program.hpp"

namespace ndcall {

inline constexpr std::uint16_t none = 0xffff;  // no entry in a table

// The dtype of array elements. kind as in NumPy: 'b' bool, 'i' 'u' integers, 'f' float, 'c' complex, 'V' a struct. Swapped: not the machine's byte order.
struct DType {
    char kind = 0;
    bool swapped = false;
    std::uint32_t itemsize = 0;  // bytes
    friend bool operator==(const DType&, const DType&) = default;
};

// One C scalar of the call's frame: a parameter by value, the target of a pointer, an extent without a C parameter, a scalar result.
struct Cell {
    std::string name;                  // in the contract's words, for messages
    Scalar type;                       // a symbol without a C parameter is a signed 64-bit integer
    std::string ctype;                 // C's spelling ("size_t"), for messages
    Program fixed = no_program;        // `name = expr`
    bool is_symbol = false;            // bound by an equation when no input gives it
    bool zero_when_unbound = false;    // only an absent optional array would bind it
    std::uint16_t enumeration = none;  // Plan::enumerations: names that may be given as strings
    bool is_character = false;         // plain `char` by value: one-character strings are taken and returned
    bool is_written_by_c = false;
    bool from_one = false;  // C counts from 1 what Python counts from 0
};

enum class DTypeRule : std::uint8_t { Exact, Any, Like };
enum class StepRule : std::uint8_t { Contiguous, Any, Elements, Bytes };  // nothing, `:`, `:incx`, `:stride bytes`

struct Axis {
    Program extent = no_program;  // never missing unless the array has any shape
    StepRule step = StepRule::Contiguous;
    Program step_value = no_program;  // Elements, Bytes
};

// One array of the call: what it must be, and what C does to it.
struct Array {
    std::string name;
    DTypeRule dtype_rule = DTypeRule::Exact;
    DType dtype;                       // Exact
    std::string dtype_name;            // for messages: "float64", "Fields"
    std::uint16_t like = none;         // Like: index of an array
    const void* identity = nullptr;    // filled by src/python: the builtin descriptor of exactly this native dtype
    bool any_shape = false;            // `[*]`, `[*n]`
    std::uint16_t shape_group = none;  // arrays of one group have equal shapes; Plan::shape_groups
    std::vector<Axis> axes;
    bool fortran = false, rows = false, lowest = false, unset = false, from_one = false;
    bool read = false, written = false;  // what C may do. An input that is copied first has copied = true and is then C's to write
    bool copied = false;                 // `copy`, or a name on both sides: C gets a private copy
    bool is_optional = false;
    bool is_input = false, is_result = false;
    std::uint16_t alias_group = none;  // arrays of one group may be the very same array
    bool has_steps() const {
        for (const Axis& axis : axes)
            if (axis.step != StepRule::Contiguous) return true;
        return false;
    }
};

// const char * in, or returned.
struct Text {
    std::string name;
    Program fixed = no_program;  // `name = "text"`
    bool is_optional = false;
    bool is_bytes = false;  // `bytes` instead of `str`
};

// An argument or result that is a struct object of the library.
struct StructSlot {
    std::string name, tag;
    std::uint32_t size = 0, align = 1;
    bool is_optional = false;
    bool read = true, written = true;
};

enum class Form : std::uint8_t { Number, Array, Text, Struct };

// A Python argument, in order.
struct Input {
    std::string name;  // the keyword; `position_only` when C has no name (arg1)
    Form form = Form::Number;
    std::uint16_t index = 0;  // into cells, arrays, texts or structs
    bool is_optional = false;
    bool position_only = false;
    Program default_value = no_program;
};

// What comes back to Python, in order.
struct Result {
    std::string name;
    Form form = Form::Number;
    std::uint16_t index = 0;
    bool is_optional = false;  // `?`: computed only when asked for
    bool may_be_null = false;  // Text: NULL is None
};

// value == extent or step of an array: binds the one unknown symbol in value, or is compared.
enum class Quantity : std::uint8_t { Extent, StepElements, StepBytes };
struct Equation {
    Program value = no_program;
    std::uint16_t array = 0;
    std::uint8_t axis = 0;
    Quantity quantity = Quantity::Extent;
};

enum class PlaceSource : std::uint8_t {
    CellValue,      // cells[index] by value
    CellAddress,    // pointer to cells[index]
    ArrayData,      // data pointer of arrays[index], NULL when absent
    ArrayRows,      // table of row pointers
    Vector,         // pointer to vectors[index]
    Text,           // texts[index]
    StructAddress,  // pointer to structs[index]
    StructValue,    // structs[index] by value
    BlockAddress,   // pointer to blocks[index], a struct that the call builds
    BlockValue,     // the same by value
    Null,
};

struct Placement {
    PlaceSource source = PlaceSource::Null;
    std::uint16_t index = 0;
    bool null_when_absent = false;  // CellAddress of an optional scalar result or input
};

// Numbers that C receives as a vector: `dims = shape(a)`, `n = [m]`, the shape of `[*n]`.
struct Vector {
    Program list = no_program;         // a List, shape(x) or byte_strides(x)
    std::uint16_t shape_group = none;  // or the shape of a group
    Scalar type;                       // of each number, as C declares it
    std::string name, ctype;
};

struct ShapeGroup {
    std::string name;  // n of `[*n]`
};

// A struct that the call builds, member by member (`data.data_in[n]`); the only block of a plan of a struct itself.
struct Member {
    std::uint32_t offset = 0;
    Placement place;
};
struct Block {
    std::string name, tag;
    std::uint32_t size = 0, align = 1;
    std::vector<Member> members;
    std::vector<std::uint32_t> nullable;  // of a struct's own plan: offsets of the pointers that its line lets be NULL
};

// A member that C wrote and a result or test reads: cells[cell] = the scalar at `offset` of blocks[block], of structs[...] or of the returned struct.
struct Readback {
    enum class From : std::uint8_t { Block, Returned } from = From::Block;
    std::uint16_t block = none;
    std::uint32_t offset = 0;
    std::uint16_t cell = 0;
};

enum class TestKind : std::uint8_t { Check, Ok, Warn };
struct Test {
    TestKind kind = TestKind::Check;
    Program condition = no_program;
    enum class Text : std::uint8_t { None, Literal, Errno, Output, Call } text = Text::None;
    std::string literal;
    std::uint16_t output = none;  // Output: index of a Text
    Program call = no_program;    // Call
    bool after_results = false;   // Check: needs an array that is allocated by us or a cell bound by it
};

enum class GilRule : std::uint8_t { BySize, Hold, Release };

// What C returns: into a cell, a text, a struct object, or nothing.
enum class ReturnForm : std::uint8_t { Nothing, Cell, Text, Struct };

struct Enumeration {
    std::string name;    // "CBLAS_ORDER", "FFTW_*"
    std::string prefix;  // stripped from the strings when the contract says PREFIX*
    bool joins = false;  // several names joined by '|'
    std::vector<std::string> names;
    std::vector<std::int64_t> values;
};

struct Plan;
struct Callee {
    std::shared_ptr<const Plan> plan;  // of a function of the library that takes and returns numbers or text
};

struct Plan {
    // who
    std::string name;  // in Python
    std::string c_name;
    std::string declaration;         // C text as written
    std::string contract;            // the line that was bound, as written; empty when the declaration said it all
    std::string contract_origin;     // "contracts=", "filter.contract:3", "filter.c:12", "declaration"
    std::string source;              // "filter.c:12"
    std::string comment;             // prose of the C comment
    const Type* function = nullptr;  // owned by Declarations, which the library keeps; null for a struct's plan
    void (*address)() = nullptr;

    // tables
    std::vector<Cell> cells;
    std::vector<Array> arrays;
    std::vector<Text> texts;
    std::vector<StructSlot> structs;
    std::vector<Vector> vectors;
    std::vector<ShapeGroup> shape_groups;
    std::vector<Block> blocks;
    std::vector<Enumeration> enumerations;
    std::vector<Input> inputs;
    std::vector<Result> results;
    std::vector<Equation> equations;           // those of inputs first, then those of results
    std::vector<Placement> parameters;         // in C's order
    std::vector<std::string> parameter_names;  // in C's order, for show()
    std::vector<Readback> readbacks;
    std::vector<Test> tests;
    std::vector<Callee> callees;
    ProgramPool programs;
    ReturnForm return_form = ReturnForm::Nothing;
    std::uint16_t return_index = none;
    GilRule gil = GilRule::BySize;
    bool uses_errno = false;
    std::string gil_reason;  // for show(): "static variable 'count'", "contract: serial"
};

}  // namespace ndcall
