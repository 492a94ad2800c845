rename table a to tmp, b to a, tmp to b;
