#pragma once
// Private to the module: what to do where a split cannot supply contexts.
#include <string>

#include "draw_plan.h"

namespace film::contexts {

// For a split whose documents hold too little for a context: settings with numbers that would do.
std::string advice_for(const DrawPlan& plan, Split split);

}  // namespace film::contexts
