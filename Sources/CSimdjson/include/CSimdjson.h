#pragma once
#include "Arena.h"
#include "CloudTrail.h"
#include "Fields.h"
#include "Projection.h"
