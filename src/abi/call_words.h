// Offsets in CallWords and CallReturn (abi.hpp), for the .S files; native_call.cpp asserts them.
#pragma once

#define WORDS_FLOATS 0  // 16 bytes each
#define WORDS_INTEGERS 128
#define WORDS_STACK 200
#define WORDS_STACK_WORDS 208
#define WORDS_FLOATS_USED 212
#define RETURN_FLOATS 0  // 16 bytes each
#define RETURN_INTEGERS 64
