#include "plan/types.hpp"

#include <gtest/gtest.h>

#include <complex>

#include "abi/type_pool.hpp"

namespace ndcall {
namespace {

template <class T>
std::string name_of() {
    TypePool pool;
    const auto scalar = find_scalar(*pool.of<T>());
    return scalar ? name_dtype(make_dtype(*scalar)) : "none";
}

TEST(Types, EveryNumberOfCIsADtype) {
    EXPECT_EQ(name_of<bool>(), "bool");
    EXPECT_EQ(name_of<char>(), "int8");  // text by itself, a number as an array's element
    EXPECT_EQ(name_of<std::int16_t>(), "int16");
    EXPECT_EQ(name_of<std::uint16_t>(), "uint16");
    EXPECT_EQ(name_of<int>(), "int32");
    EXPECT_EQ(name_of<long>(), "int64");
    EXPECT_EQ(name_of<std::size_t>(), "uint64");
    EXPECT_EQ(name_of<float>(), "float32");
    EXPECT_EQ(name_of<double>(), "float64");
    EXPECT_EQ(name_of<long double>(), "longdouble");
    EXPECT_EQ(name_of<float _Complex>(), "complex64");
    EXPECT_EQ(name_of<double _Complex>(), "complex128");
    EXPECT_EQ(name_of<long double _Complex>(), "clongdouble");
}

TEST(Types, AnEnumIsTheIntegerBelowIt) {
    TypePool pool;
    EXPECT_EQ(find_scalar(*pool.enumeration()), (Scalar{ScalarKind::Signed, 4}));
}

TEST(Types, PointersStructsAndVoidAreNoNumbers) {
    TypePool pool;
    EXPECT_FALSE(find_scalar(*pool.of<void>()));
    EXPECT_FALSE(find_scalar(*pool.of<double*>()));
    EXPECT_FALSE(find_scalar(*pool.structure_type("point")));
}

TEST(Types, EveryDtypeNameLeadsToItsDtypeAndBack) {
    for (const std::string& name : list_dtype_names()) {
        const auto dtype = find_dtype(name);
        ASSERT_TRUE(dtype) << name;
        EXPECT_EQ(name_dtype(*dtype), name);
        EXPECT_EQ(make_dtype(make_scalar(*dtype)), *dtype) << name;
    }
}

TEST(Types, NamesOfPythonAndCAreNoDtypes) {
    for (const char* name : {"float", "double", "int", "float80", "Float64", "complex", "f8", ""}) EXPECT_FALSE(find_dtype(name)) << name;
}

TEST(Types, ADtypeWithoutANameIsToldByItsBits) { EXPECT_EQ(name_dtype({'V', false, 3}), "void24"); }

class ComplexStruct : public testing::Test {
  protected:
    std::optional<Scalar> find(const std::string& first, const std::string& second, std::uint32_t offset = 8, std::uint32_t size = 16) {
        StructDeclaration record;
        record.tag = "complex";
        record.is_complete = true;
        record.size = size;
        record.align = 8;
        record.fields = {TypePool::field(first, pool.of<double>(), 0), TypePool::field(second, pool.of<double>(), offset)};
        return find_complex_struct(record);
    }
    TypePool pool;
};

TEST_F(ComplexStruct, IsToldByTheNamesOfItsTwoMembers) {
    EXPECT_EQ(find("re", "im"), (Scalar{ScalarKind::Complex, 16}));
    EXPECT_EQ(find("real", "imag"), (Scalar{ScalarKind::Complex, 16}));
    EXPECT_EQ(find("r", "i"), (Scalar{ScalarKind::Complex, 16}));
    EXPECT_FALSE(find("x", "y"));
    EXPECT_FALSE(find("im", "re"));
    EXPECT_FALSE(find("re", "imag"));
}

TEST_F(ComplexStruct, LiesInMemoryLikeACComplexNumber) {
    EXPECT_FALSE(find("re", "im", 16, 24));
    EXPECT_FALSE(find("re", "im", 8, 32));
}

TEST_F(ComplexStruct, IsNoUnionNoOpaqueStructAndHasNoThirdMember) {
    StructDeclaration record;
    record.is_complete = true;
    record.size = 16;
    record.fields = {TypePool::field("re", pool.of<double>(), 0), TypePool::field("im", pool.of<double>(), 8)};
    ASSERT_TRUE(find_complex_struct(record));
    record.is_union = true;
    EXPECT_FALSE(find_complex_struct(record));
    record.is_union = false;
    record.is_complete = false;
    EXPECT_FALSE(find_complex_struct(record));
    record.is_complete = true;
    record.fields.push_back(TypePool::field("n", pool.of<int>(), 16));
    EXPECT_FALSE(find_complex_struct(record));
}

TEST_F(ComplexStruct, HasTwoMembersOfOneFloatingType) {
    StructDeclaration record;
    record.is_complete = true;
    record.size = 16;
    record.fields = {TypePool::field("re", pool.of<double>(), 0), TypePool::field("im", pool.of<float>(), 8)};
    EXPECT_FALSE(find_complex_struct(record));
    record.fields = {TypePool::field("re", pool.of<long>(), 0), TypePool::field("im", pool.of<long>(), 8)};
    EXPECT_FALSE(find_complex_struct(record));
}

}  // namespace
}  // namespace ndcall
