#pragma once
#include "Arena.h"
#include "CloudTrail.h"
#include "Projection.h"
