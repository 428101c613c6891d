/// where it is
struct point {
    double x; /**< metre */
    /// metre, too
    double y;
};
