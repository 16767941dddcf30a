#pragma once
// Nothing of gloo's algorithms is named by Torch's header; it relies on what this one includes.
#include <memory>
#include <string>
#include <vector>
