/* The reference: what a patient author writes by hand for each row of the table; every argument is checked. */
#include "hand_checks.h"
#include <limits.h>
#include <stddef.h>
#include <structmember.h>

#include "kernels.h"

static PyObject *hand_empty(PyObject *module, PyObject *const *v, Py_ssize_t count) { Py_RETURN_NONE; }

static PyObject *hand_nothing(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 0)) return NULL;
    nothing();
    Py_RETURN_NONE;
}

static PyObject *hand_increment(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 1) || !check(v[0], "x", 1, OUT)) return NULL;
    increment(data_of(v[0]), length_of(v[0], 0));
    Py_RETURN_NONE;
}

/* Shared by every way of calling `add` with a given result. */
static inline int checked_add(PyObject *a, PyObject *b, PyObject *c) {
    if (!check(a, "a", 1, IN) || !check(b, "b", 1, IN) || !check(c, "c", 1, OUT)) return 0;
    npy_intp n = length_of(a, 0);
    if (!check_length(b, "b", 0, n) || !check_length(c, "c", 0, n)) return 0;
    if (!check_apart(a, c, "c", 8 * n) || !check_apart(b, c, "c", 8 * n)) return 0;
    add(data_of(a), data_of(b), data_of(c), n);
    return 1;
}

static PyObject *hand_add(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 3) || !checked_add(v[0], v[1], v[2])) return NULL;
    return Py_NewRef(v[2]);
}

/* The same with the GIL released around C. */
static PyObject *hand_add_nogil(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 3) || !check(v[0], "a", 1, IN) || !check(v[1], "b", 1, IN) || !check(v[2], "c", 1, OUT)) return NULL;
    npy_intp n = length_of(v[0], 0);
    if (!check_length(v[1], "b", 0, n) || !check_length(v[2], "c", 0, n)) return NULL;
    if (!check_apart(v[0], v[2], "c", 8 * n) || !check_apart(v[1], v[2], "c", 8 * n)) return NULL;
    Py_BEGIN_ALLOW_THREADS
    add(data_of(v[0]), data_of(v[1]), data_of(v[2]), n);
    Py_END_ALLOW_THREADS
    return Py_NewRef(v[2]);
}

/* Names by identity first: keywords in source code are interned, and so are these. */
static PyObject *keyword_names[4]; /* a, b, c, out; owned by the module's lifetime */

static int keyword_slot(PyObject *name) {
    for (int i = 0; i < 4; i++)
        if (name == keyword_names[i]) return i < 3 ? i : 2;
    for (int i = 0; i < 4; i++)
        if (PyUnicode_Compare(name, keyword_names[i]) == 0) return i < 3 ? i : 2;
    return -1;
}

static PyObject *hand_add_keywords(PyObject *module, PyObject *const *v, Py_ssize_t count, PyObject *names) {
    PyObject *slots[3] = {NULL, NULL, NULL};
    if (count > 3) return check_count(count, 3), NULL;
    for (Py_ssize_t i = 0; i < count; i++) slots[i] = v[i];
    for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); i++) {
        int slot = keyword_slot(PyTuple_GET_ITEM(names, i));
        if (slot < 0 || slots[slot]) return PyErr_Format(PyExc_TypeError, "unknown or doubled argument %U", PyTuple_GET_ITEM(names, i));
        slots[slot] = v[count + i];
    }
    if (!slots[0] || !slots[1] || !slots[2]) return PyErr_Format(PyExc_TypeError, "an argument is missing");
    if (!checked_add(slots[0], slots[1], slots[2])) return NULL;
    return Py_NewRef(slots[2]);
}

static PyObject *add_into(PyObject *const *v, Py_ssize_t count, int zero) {
    if (!check_count(count, 2) || !check(v[0], "a", 1, IN) || !check(v[1], "b", 1, IN)) return NULL;
    npy_intp n = length_of(v[0], 0);
    if (!check_length(v[1], "b", 0, n)) return NULL;
    PyObject *c = zero ? PyArray_ZEROS(1, &n, NPY_DOUBLE, 0) : PyArray_SimpleNew(1, &n, NPY_DOUBLE);
    if (!c) return NULL;
    add(data_of(v[0]), data_of(v[1]), data_of(c), n);
    return c;
}

static PyObject *hand_add_zeros(PyObject *module, PyObject *const *v, Py_ssize_t count) { return add_into(v, count, 1); }
static PyObject *hand_add_unset(PyObject *module, PyObject *const *v, Py_ssize_t count) { return add_into(v, count, 0); }

static PyObject *hand_add_five(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    if (!check_count(count, 6)) return NULL;
    for (int i = 0; i < 5; i++)
        if (!check(v[i], names[i], 1, IN)) return NULL;
    if (!check(v[5], "f", 1, OUT)) return NULL;
    npy_intp n = length_of(v[0], 0);
    for (int i = 1; i < 5; i++)
        if (!check_length(v[i], names[i], 0, n)) return NULL;
    if (!check_length(v[5], "f", 0, n)) return NULL;
    for (int i = 0; i < 5; i++)
        if (!check_apart(v[i], v[5], "f", 8 * n)) return NULL;
    add_five(data_of(v[0]), data_of(v[1]), data_of(v[2]), data_of(v[3]), data_of(v[4]), data_of(v[5]), n);
    return Py_NewRef(v[5]);
}

static PyObject *hand_add_plane(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 3) || !check(v[0], "a", 2, IN) || !check(v[1], "b", 2, IN) || !check(v[2], "c", 2, OUT)) return NULL;
    npy_intp m = length_of(v[0], 0), n = length_of(v[0], 1);
    if (!check_length(v[1], "b", 0, m) || !check_length(v[1], "b", 1, n)) return NULL;
    if (!check_length(v[2], "c", 0, m) || !check_length(v[2], "c", 1, n)) return NULL;
    if (!check_apart(v[0], v[2], "c", 8 * m * n) || !check_apart(v[1], v[2], "c", 8 * m * n)) return NULL;
    add_plane(data_of(v[0]), data_of(v[1]), data_of(v[2]), m, n);
    return Py_NewRef(v[2]);
}

static PyObject *hand_add_scaled(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    if (!check_count(count, 4)) return NULL;
    double alpha = PyFloat_AsDouble(v[0]);
    if (alpha == -1 && PyErr_Occurred()) return NULL;
    int overflow;
    long power = PyLong_AsLongAndOverflow(v[2], &overflow);
    if (power == -1 && PyErr_Occurred()) return NULL;
    if (overflow || power < INT_MIN || power > INT_MAX) return refuse("power", "does not fit int"), NULL;
    if (!check(v[1], "x", 1, IN) || !check(v[3], "y", 1, OUT)) return NULL;
    npy_intp n = length_of(v[1], 0);
    if (!check_length(v[3], "y", 0, n) || !check_apart(v[1], v[3], "y", 8 * n)) return NULL;
    add_scaled(n, alpha, data_of(v[1]), (int)power, data_of(v[3]));
    Py_RETURN_NONE;
}

/* The bytes from the lowest to the highest item. */
static void span_of(PyArrayObject *array, char **low, char **high) {
    *low = PyArray_DATA(array);
    *high = *low + 8;
    for (int i = 0; i < PyArray_NDIM(array); i++) {
        npy_intp reach = (PyArray_DIM(array, i) - 1) * PyArray_STRIDE(array, i);
        if (reach > 0) *high += reach;
        else *low += reach;
    }
}

static int check_strided_apart(PyObject *read, PyObject *written, const char *name) {
    char *low, *high, *written_low, *written_high;
    span_of((PyArrayObject *)read, &low, &high);
    span_of((PyArrayObject *)written, &written_low, &written_high);
    return low < written_high && written_low < high ? refuse(name, "overlaps an input") : 1;
}

static PyObject *hand_add_strided(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    enum { VIEW = NPY_ARRAY_ALIGNED };
    if (!check_count(count, 2) || !check(v[0], "x", 1, VIEW) || !check(v[1], "y", 1, VIEW | NPY_ARRAY_WRITEABLE)) return NULL;
    npy_intp n = length_of(v[0], 0), incx = PyArray_STRIDE((PyArrayObject *)v[0], 0), incy = PyArray_STRIDE((PyArrayObject *)v[1], 0);
    if (!check_length(v[1], "y", 0, n)) return NULL;
    if ((incx | incy) & 7 || incx < 0 || incy <= 0) return refuse("x or y", "a step is no positive multiple of 8"), NULL;
    if (n && !check_strided_apart(v[0], v[1], "y")) return NULL;
    add_strided(n, data_of(v[0]), incx / 8, data_of(v[1]), incy / 8);
    Py_RETURN_NONE;
}

static PyObject *hand_mean_of_four(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    enum { VIEW = NPY_ARRAY_ALIGNED };
    if (!check_count(count, 2) || !check(v[0], "a", 2, VIEW) || !check(v[1], "c", 2, VIEW | NPY_ARRAY_WRITEABLE)) return NULL;
    npy_intp m = length_of(v[0], 0), n = length_of(v[0], 1);
    const npy_intp *s = PyArray_STRIDES((PyArrayObject *)v[0]), *t = PyArray_STRIDES((PyArrayObject *)v[1]);
    if (!check_length(v[1], "c", 0, m) || !check_length(v[1], "c", 1, n)) return NULL;
    if ((s[0] | s[1] | t[0] | t[1]) & 7) return refuse("a or c", "a step is no multiple of 8"), NULL;
    if (m && n && !check_strided_apart(v[0], v[1], "c")) return NULL;
    mean_of_four(data_of(v[0]), s[0] / 8, s[1] / 8, data_of(v[1]), t[0] / 8, t[1] / 8, m, n);
    Py_RETURN_NONE;
}

/* Into a new array; the function may write into the vectors, so they are not the array's own. */
static PyObject *hand_mean_of_four_told(PyObject *module, PyObject *const *v, Py_ssize_t count) {
    enum { VIEW = NPY_ARRAY_ALIGNED };
    if (!check_count(count, 1) || !check(v[0], "a", 2, VIEW)) return NULL;
    npy_intp dims[2] = {length_of(v[0], 0), length_of(v[0], 1)};
    npy_intp steps[2] = {PyArray_STRIDE((PyArrayObject *)v[0], 0), PyArray_STRIDE((PyArrayObject *)v[0], 1)};
    if ((steps[0] | steps[1]) & 7) return refuse("a", "a step is no multiple of 8"), NULL;
    PyObject *c = PyArray_ZEROS(2, dims, NPY_DOUBLE, 0);
    if (!c) return NULL;
    mean_of_four_told(data_of(v[0]), data_of(c), steps, dims);
    return c;
}

/* An object of a type of its own that does nothing when called: what a function object costs beside a PyCFunction. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
} EmptyObject;

static PyObject *empty_call(PyObject *self, PyObject *const *v, size_t count, PyObject *names) { Py_RETURN_NONE; }
static PyObject *empty_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    EmptyObject *self = PyObject_New(EmptyObject, type);
    if (self) self->call = empty_call;
    return (PyObject *)self;
}
static PyMemberDef empty_members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(EmptyObject, call), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot empty_slots[] = {{Py_tp_new, empty_new}, {Py_tp_call, PyVectorcall_Call}, {Py_tp_members, empty_members}, {0, NULL}};
static PyType_Spec empty_spec = {"hand.Empty", sizeof(EmptyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL, empty_slots};

#define ROW(name, flags) {#name, (PyCFunction)(void (*)(void))hand_##name, flags, NULL}
static PyMethodDef methods[] = {
    ROW(empty, METH_FASTCALL), ROW(nothing, METH_FASTCALL), ROW(increment, METH_FASTCALL), ROW(add, METH_FASTCALL),
    ROW(add_nogil, METH_FASTCALL), ROW(add_keywords, METH_FASTCALL | METH_KEYWORDS), ROW(add_zeros, METH_FASTCALL),
    ROW(add_unset, METH_FASTCALL), ROW(add_five, METH_FASTCALL), ROW(add_plane, METH_FASTCALL), ROW(add_scaled, METH_FASTCALL),
    ROW(add_strided, METH_FASTCALL), ROW(mean_of_four, METH_FASTCALL),
    ROW(mean_of_four_told, METH_FASTCALL), {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "hand", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_hand(void) {
    static const char *const names[] = {"a", "b", "c", "out"};
    import_array();
    for (int i = 0; i < 4; i++)
        if (!(keyword_names[i] = PyUnicode_InternFromString(names[i]))) return NULL;
    PyObject *module = PyModule_Create(&definition), *type = PyType_FromSpec(&empty_spec);
    if (!module || !type || PyModule_AddObject(module, "Empty", type) < 0) return NULL;
    return module;
}
