#define CATCH_CONFIG_MAIN
#include "helpers/catch.hpp"
