#pragma once
#include "Arena.h"
#include "CloudTrail.h"
#include "Fields.h"
#include "Lines.h"
#include "Projection.h"
#include "Routes.h"
