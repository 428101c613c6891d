int part(int a);
