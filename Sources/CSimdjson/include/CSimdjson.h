#pragma once
#include "Arena.h"
#if __has_include("CloudTrail.h")
#include "CloudTrail.h"
#endif
