// The part of libclang's stable C interface that the reader uses, declared by ourselves and loaded at run time: building the reader needs
// no package of LLVM's, and one executable works with libclang 14 to 22. The structs are passed by value and have not changed since LLVM 3.
#pragma once

#include <cstddef>
#include <string>

namespace ndcall::clang {

struct String {
    const void* data;
    unsigned flags;
};
struct SourceLocation {
    const void* pointers[2];
    unsigned offset;
};
struct SourceRange {
    const void* pointers[2];
    unsigned begin, end;
};
struct Cursor {
    int kind, extra;
    const void* data[3];
};
struct TypeHandle {
    int kind;
    void* data[2];
};
struct UnsavedFile {
    const char* name;
    const char* text;
    unsigned long size;
};
struct FileIdentity {
    unsigned long long device, inode, time;
};
struct TranslationUnitData;
using Index = void*;
using TranslationUnit = TranslationUnitData*;
using File = void*;
using Diagnostic = void*;
using EvalResult = void*;
using TargetInfo = void*;
using CursorVisitor = int (*)(Cursor cursor, Cursor parent, void* data);
using FieldVisitor = int (*)(Cursor field, void* data);
using InclusionVisitor = void (*)(File file, SourceLocation* stack, unsigned depth, void* data);

// Every function without which the reader cannot work: return type, name behind `clang_`, parameters.
#define NDCALL_CLANG_FUNCTIONS(X)                                                                                                    \
    X(Index, createIndex, (int, int))                                                                                                \
    X(int, parseTranslationUnit2, (Index, const char*, const char* const*, int, UnsavedFile*, unsigned, unsigned, TranslationUnit*)) \
    X(unsigned, getNumDiagnostics, (TranslationUnit))                                                                                \
    X(Diagnostic, getDiagnostic, (TranslationUnit, unsigned))                                                                        \
    X(int, getDiagnosticSeverity, (Diagnostic))                                                                                      \
    X(String, getDiagnosticSpelling, (Diagnostic))                                                                                   \
    X(SourceLocation, getDiagnosticLocation, (Diagnostic))                                                                           \
    X(void, disposeDiagnostic, (Diagnostic))                                                                                         \
    X(void, getExpansionLocation, (SourceLocation, File*, unsigned*, unsigned*, unsigned*))                                          \
    X(String, getFileName, (File))                                                                                                   \
    X(int, getFileUniqueID, (File, FileIdentity*))                                                                                   \
    X(File, getIncludedFile, (Cursor))                                                                                               \
    X(File, getFile, (TranslationUnit, const char*))                                                                                 \
    X(const char*, getFileContents, (TranslationUnit, File, std::size_t*))                                                           \
    X(void, getInclusions, (TranslationUnit, InclusionVisitor, void*))                                                               \
    X(int, Location_isInSystemHeader, (SourceLocation))                                                                              \
    X(SourceLocation, getLocationForOffset, (TranslationUnit, File, unsigned))                                                       \
    X(TargetInfo, getTranslationUnitTargetInfo, (TranslationUnit))                                                                   \
    X(String, TargetInfo_getTriple, (TargetInfo))                                                                                    \
    X(const char*, getCString, (String))                                                                                             \
    X(void, disposeString, (String))                                                                                                 \
    X(Cursor, getTranslationUnitCursor, (TranslationUnit))                                                                           \
    X(unsigned, visitChildren, (Cursor, CursorVisitor, void*))                                                                       \
    X(unsigned, Type_visitFields, (TypeHandle, FieldVisitor, void*))                                                                 \
    X(SourceLocation, getCursorLocation, (Cursor))                                                                                   \
    X(SourceRange, getCursorExtent, (Cursor))                                                                                        \
    X(SourceLocation, getRangeStart, (SourceRange))                                                                                  \
    X(SourceLocation, getRangeEnd, (SourceRange))                                                                                    \
    X(String, getCursorSpelling, (Cursor))                                                                                           \
    X(TypeHandle, getCursorType, (Cursor))                                                                                           \
    X(TypeHandle, getCursorResultType, (Cursor))                                                                                     \
    X(Cursor, getCursorReferenced, (Cursor))                                                                                         \
    X(Cursor, getCanonicalCursor, (Cursor))                                                                                          \
    X(Cursor, getCursorDefinition, (Cursor))                                                                                         \
    X(unsigned, isCursorDefinition, (Cursor))                                                                                        \
    X(unsigned, isInvalidDeclaration, (Cursor))                                                                                      \
    X(unsigned, Cursor_isNull, (Cursor))                                                                                             \
    X(unsigned, Cursor_isAnonymous, (Cursor))                                                                                        \
    X(int, Cursor_getNumArguments, (Cursor))                                                                                         \
    X(Cursor, Cursor_getArgument, (Cursor, unsigned))                                                                                \
    X(int, Cursor_getStorageClass, (Cursor))                                                                                         \
    X(int, getCursorLinkage, (Cursor))                                                                                               \
    X(int, getCursorTLSKind, (Cursor))                                                                                               \
    X(unsigned, Cursor_isFunctionInlined, (Cursor))                                                                                  \
    X(String, Cursor_getMangling, (Cursor))                                                                                          \
    X(String, Cursor_getRawCommentText, (Cursor))                                                                                    \
    X(SourceRange, Cursor_getCommentRange, (Cursor))                                                                                 \
    X(unsigned, Cursor_isBitField, (Cursor))                                                                                         \
    X(int, getFieldDeclBitWidth, (Cursor))                                                                                           \
    X(long long, Cursor_getOffsetOfField, (Cursor))                                                                                  \
    X(unsigned, Cursor_isMacroFunctionLike, (Cursor))                                                                                \
    X(unsigned, Cursor_isMacroBuiltin, (Cursor))                                                                                     \
    X(EvalResult, Cursor_Evaluate, (Cursor))                                                                                         \
    X(int, EvalResult_getKind, (EvalResult))                                                                                         \
    X(long long, EvalResult_getAsLongLong, (EvalResult))                                                                             \
    X(unsigned, EvalResult_isUnsignedInt, (EvalResult))                                                                              \
    X(unsigned long long, EvalResult_getAsUnsigned, (EvalResult))                                                                    \
    X(double, EvalResult_getAsDouble, (EvalResult))                                                                                  \
    X(const char*, EvalResult_getAsStr, (EvalResult))                                                                                \
    X(void, EvalResult_dispose, (EvalResult))                                                                                        \
    X(TypeHandle, getCanonicalType, (TypeHandle))                                                                                    \
    X(String, getTypeSpelling, (TypeHandle))                                                                                         \
    X(long long, Type_getSizeOf, (TypeHandle))                                                                                       \
    X(long long, Type_getAlignOf, (TypeHandle))                                                                                      \
    X(TypeHandle, getPointeeType, (TypeHandle))                                                                                      \
    X(TypeHandle, getArrayElementType, (TypeHandle))                                                                                 \
    X(TypeHandle, getElementType, (TypeHandle))                                                                                      \
    X(long long, getArraySize, (TypeHandle))                                                                                         \
    X(int, getNumArgTypes, (TypeHandle))                                                                                             \
    X(TypeHandle, getArgType, (TypeHandle, unsigned))                                                                                \
    X(TypeHandle, getResultType, (TypeHandle))                                                                                       \
    X(unsigned, isFunctionTypeVariadic, (TypeHandle))                                                                                \
    X(unsigned, isConstQualifiedType, (TypeHandle))                                                                                  \
    X(unsigned, isVolatileQualifiedType, (TypeHandle))                                                                               \
    X(unsigned, isRestrictQualifiedType, (TypeHandle))                                                                               \
    X(Cursor, getTypeDeclaration, (TypeHandle))                                                                                      \
    X(TypeHandle, getTypedefDeclUnderlyingType, (Cursor))                                                                            \
    X(TypeHandle, Type_getNamedType, (TypeHandle))                                                                                   \
    X(TypeHandle, getEnumDeclIntegerType, (Cursor))                                                                                  \
    X(long long, getEnumConstantDeclValue, (Cursor))

// Newer than libclang 14; null where the library lacks them.
#define NDCALL_CLANG_OPTIONAL(X)                  \
    X(int, getCursorBinaryOperatorKind, (Cursor)) \
    X(int, getCursorUnaryOperatorKind, (Cursor))

struct Api {
#define NDCALL_DECLARE(RESULT, NAME, PARAMETERS) RESULT(*NAME) PARAMETERS = nullptr;
    NDCALL_CLANG_FUNCTIONS(NDCALL_DECLARE)
    NDCALL_CLANG_OPTIONAL(NDCALL_DECLARE)
#undef NDCALL_DECLARE
};

// Throws std::runtime_error naming the library, or the first function that it lacks. The library stays loaded.
Api load_api(const std::string& path);

// Kinds as libclang numbers them: the same in all versions from 14 to 22.
enum CursorKind : int {
    cursor_unexposed = 1,
    cursor_struct = 2,
    cursor_union = 3,
    cursor_enum = 5,
    cursor_field = 6,
    cursor_enum_constant = 7,
    cursor_function = 8,
    cursor_variable = 9,
    cursor_parameter = 10,
    cursor_typedef = 20,
    cursor_linkage = 23,
    cursor_first_expression = 100,
    cursor_unexposed_expression = 100,
    cursor_reference = 101,
    cursor_member = 102,
    cursor_call = 103,
    cursor_integer_literal = 106,
    cursor_parenthesis = 111,
    cursor_unary = 112,
    cursor_subscript = 113,
    cursor_binary = 114,
    cursor_compound_assignment = 115,
    cursor_conditional = 116,
    cursor_cast = 117,
    cursor_initializer_list = 119,
    cursor_sizeof = 136,
    cursor_last_expression = 199,
    cursor_compound_statement = 202,
    cursor_if = 205,
    cursor_for = 209,
    cursor_declarations = 231,
    cursor_first_preprocessing = 500,
    cursor_macro_definition = 501,
    cursor_inclusion = 503,
    cursor_last_preprocessing = 503,
};

enum TypeKind : int {
    type_invalid = 0,
    type_unexposed = 1,
    type_void = 2,
    type_bool = 3,
    type_char_unsigned = 4,
    type_uchar = 5,
    type_ushort = 8,
    type_uint = 9,
    type_ulong = 10,
    type_ulonglong = 11,
    type_char_signed = 13,
    type_schar = 14,
    type_short = 16,
    type_int = 17,
    type_long = 18,
    type_longlong = 19,
    type_float = 21,
    type_double = 22,
    type_long_double = 23,
    type_half = 31,
    type_float16 = 32,
    type_complex = 100,
    type_pointer = 101,
    type_record = 105,
    type_enum = 106,
    type_typedef = 107,
    type_function_without_prototype = 110,
    type_function = 111,
    type_constant_array = 112,
    type_incomplete_array = 114,
    type_variable_array = 115,
    type_dependent_array = 116,
    type_elaborated = 119,
};

// Between the kinds of arrays stands the one of vectors.
constexpr bool is_array_kind(int kind) {
    return kind == type_constant_array || (kind >= type_incomplete_array && kind <= type_dependent_array);
}

enum : unsigned { parse_preprocessing = 0x1, parse_skip_bodies = 0x40, parse_keep_going = 0x200 };
enum : int { visit_stop = 0, visit_next = 1, visit_inside = 2 };
enum : int { severity_error = 3 };
enum : int { linkage_internal = 2 };

}  // namespace ndcall::clang
