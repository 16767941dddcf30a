// Words of needles. RULER takes those of the package wonderwords; these are our own.
#include "words.h"

#include <array>

namespace film::benchmarks {
namespace {

constexpr auto kAdjectives = std::to_array<const char*>({
    "able",     "ample",    "ancient", "apt",     "arid",     "awake",   "bald",     "bare",    "basic",
    "bitter",   "blank",    "blunt",   "bold",    "brief",    "bright",  "brisk",    "broad",   "bronze",
    "busy",     "calm",     "candid",  "careful", "casual",   "cheap",   "chief",    "civil",   "clean",
    "clear",    "clever",   "close",   "coarse",  "cold",     "common",  "cool",     "coral",   "cosy",
    "crisp",    "crooked",  "cruel",   "curious", "curly",    "daily",   "damp",     "daring",  "dear",
    "deep",     "dense",    "distant", "double",  "drowsy",   "dry",     "dull",     "dusty",   "eager",
    "early",    "earnest",  "easy",    "elder",   "empty",    "equal",   "exact",    "faint",   "fair",
    "faithful", "famous",   "fancy",   "fast",    "fearless", "fierce",  "final",    "fine",    "firm",
    "fit",      "flat",     "fluid",   "fond",    "formal",   "frail",   "frank",    "free",    "fresh",
    "frosty",   "frugal",   "full",    "gentle",  "giant",    "glad",    "gleaming", "glossy",  "golden",
    "grand",    "grateful", "gray",    "great",   "green",    "gruff",   "handy",    "happy",   "hardy",
    "harsh",    "hasty",    "hazy",    "heavy",   "hidden",   "high",    "hollow",   "honest",  "humble",
    "hungry",   "icy",      "ideal",   "idle",    "indigo",   "inner",   "ivory",    "jolly",   "joyful",
    "keen",     "kind",     "large",   "lasting", "late",     "lavish",  "lazy",     "lean",    "level",
    "light",    "lively",   "local",   "lofty",   "lone",     "long",    "loose",    "loud",    "lovely",
    "low",      "loyal",    "lucid",   "lucky",   "lunar",    "magic",   "major",    "meek",    "mellow",
    "merry",    "mighty",   "mild",    "minor",   "misty",    "modern",  "modest",   "moist",   "muddy",
    "muted",    "mystic",   "narrow",  "native",  "neat",     "nimble",  "noble",    "noisy",   "novel",
    "oaken",    "odd",      "olden",   "open",    "orange",   "orderly", "outer",    "oval",    "pale",
    "patient",  "placid",   "plain",   "plump",   "polite",   "prime",   "proper",   "proud",   "public",
    "pure",     "quaint",   "quick",   "quiet",   "rapid",    "rare",    "raw",      "ready",   "regal",
    "remote",   "rich",     "rigid",   "ripe",    "robust",   "rocky",   "rosy",     "rough",   "round",
    "royal",    "rugged",   "rural",   "rustic",  "sable",    "sacred",  "sandy",    "scarlet", "secret",
    "serene",   "severe",   "shady",   "shallow", "sharp",    "shiny",   "short",    "shy",     "silent",
    "silver",   "simple",   "single",  "sleek",   "slim",     "slow",    "smart",    "smooth",  "snug",
    "sober",    "social",   "soft",    "solar",   "solemn",   "solid",   "sonic",    "sour",    "spare",
    "sparse",   "spicy",    "stable",  "steady",  "steep",    "stern",   "stiff",    "still",   "stout",
    "strict",   "strong",   "sturdy",  "subtle",  "sudden",   "sunny",   "superb",   "sweet",   "swift",
    "tall",     "tame",     "tart",    "tender",  "thick",    "thin",    "tidy",     "tiny",    "tough",
    "tranquil", "true",     "upper",   "urban",   "useful",   "vague",   "valid",    "vast",    "velvet",
    "vivid",    "warm",     "wary",    "weary",   "wet",      "white",   "whole",    "wide",    "wild",
    "windy",    "wise",     "witty",   "wooden",  "worthy",   "young",   "zesty",
});

constexpr auto kNouns = std::to_array<const char*>({
    "acorn",   "airport",  "anchor",   "anvil",   "apple",   "apron",    "arch",     "arrow",   "attic",
    "autumn",  "badge",    "bakery",   "balcony", "bamboo",  "banjo",    "barn",     "barrel",  "basket",
    "beach",   "beacon",   "bead",     "beam",    "bell",    "belt",     "bench",    "berry",   "bicycle",
    "blanket", "blossom",  "boat",     "bonnet",  "book",    "boot",     "bottle",   "boulder", "bowl",
    "branch",  "bread",    "brick",    "bridge",  "broom",   "brush",    "bucket",   "buckle",  "butter",
    "button",  "cabin",    "cable",    "cake",    "camel",   "camera",   "canal",    "candle",  "canoe",
    "canyon",  "cap",      "captain",  "carpet",  "carrot",  "castle",   "cave",     "cedar",   "cellar",
    "chain",   "chair",    "chalk",    "chapel",  "cherry",  "chest",    "chimney",  "circle",  "clay",
    "cliff",   "cloak",    "clock",    "cloud",   "clover",  "coach",    "coast",    "coat",    "coin",
    "comet",   "compass",  "copper",   "corner",  "cottage", "cotton",   "cradle",   "crane",   "crater",
    "creek",   "crown",    "crystal",  "cup",     "curtain", "cushion",  "dairy",    "dawn",    "desert",
    "desk",    "diamond",  "ditch",    "dock",    "door",    "dragon",   "drawer",   "drum",    "dune",
    "eagle",   "easel",    "elbow",    "elm",     "ember",   "engine",   "envelope", "errand",  "falcon",
    "farm",    "feather",  "fence",    "fern",    "ferry",   "fiddle",   "field",    "fig",     "finch",
    "flag",    "flame",    "flask",    "flute",   "forest",  "forge",    "fork",     "fossil",  "fountain",
    "fox",     "frame",    "garden",   "garlic",  "gate",    "ginger",   "glacier",  "glass",   "glove",
    "goat",    "goblet",   "granite",  "grape",   "grove",   "guitar",   "hall",     "hammer",  "harbor",
    "harp",    "harvest",  "hat",      "hawk",    "hazel",   "hearth",   "hedge",    "helmet",  "herb",
    "heron",   "hill",     "hinge",    "honey",   "hook",    "horizon",  "horn",     "horse",   "hotel",
    "icicle",  "inlet",    "iron",     "island",  "ivy",     "jacket",   "jar",      "jewel",   "journal",
    "kettle",  "key",      "kitchen",  "kite",    "knot",    "ladder",   "lake",     "lamp",    "lantern",
    "lark",    "lavender", "leaf",     "ledger",  "lemon",   "lens",     "letter",   "lever",   "library",
    "lily",    "linen",    "lion",     "lizard",  "lobby",   "locket",   "loom",     "lumber",  "magnet",
    "mallet",  "manor",    "mantle",   "maple",   "marble",  "market",   "marsh",    "mask",    "mast",
    "meadow",  "medal",    "melon",    "mill",    "mirror",  "mitten",   "mole",     "moon",    "moss",
    "moth",    "mountain", "mug",      "museum",  "napkin",  "needle",   "nest",     "net",     "nickel",
    "oak",     "oar",      "oasis",    "ocean",   "olive",   "orchard",  "orchid",   "otter",   "oven",
    "owl",     "oyster",   "paddle",   "palace",  "palm",    "panel",    "paper",    "parcel",  "parrot",
    "path",    "peach",    "pear",     "pebble",  "pencil",  "pepper",   "petal",    "piano",   "pier",
    "pigeon",  "pillow",   "pine",     "pipe",    "pitcher", "planet",   "plank",    "plate",   "plaza",
    "plow",    "plum",     "pocket",   "pond",    "porch",   "portrait", "prism",    "pumpkin", "quarry",
    "quill",   "quilt",    "rabbit",   "raft",    "rail",    "rain",     "ranch",    "raven",   "reed",
    "ribbon",  "ridge",    "ring",     "river",   "road",    "robin",    "rope",     "rose",    "rudder",
    "rug",     "saddle",   "sail",     "salmon",  "sand",    "sapphire", "satchel",  "scarf",   "school",
    "screw",   "shelf",    "shell",    "ship",    "shore",   "sickle",   "signal",   "silk",    "sketch",
    "sled",    "slipper",  "snow",     "sofa",    "spade",   "spark",    "sparrow",  "spindle", "spoon",
    "spring",  "spruce",   "squirrel", "staff",   "stairs",  "star",     "statue",   "steam",   "stone",
    "stool",   "storm",    "stove",    "straw",   "stream",  "street",   "string",   "summit",  "swallow",
    "swan",    "sword",    "table",    "tailor",  "tea",     "temple",   "tent",     "thimble", "thistle",
    "thread",  "throne",   "thunder",  "tile",    "timber",  "toad",     "torch",    "tower",   "trail",
    "train",   "tray",     "tulip",    "tunnel",  "turnip",  "turtle",   "umbrella", "valley",  "vase",
    "vessel",  "village",  "vine",     "violet",  "violin",  "voyage",   "wagon",    "wallet",  "walnut",
    "water",   "wave",     "wheat",    "wheel",   "whistle", "willow",   "window",   "winter",  "wolf",
    "wool",    "yarn",     "zebra",
});

}  // namespace

std::string random_key(Random& random) {
  const std::string adjective = kAdjectives[random.below(kAdjectives.size())];
  return adjective + "-" + kNouns[random.below(kNouns.size())];
}

std::string random_number(Random& random) { return std::to_string(1'000'000 + random.below(9'000'000)); }

std::string random_uuid(Random& random) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  for (char& c : text)
    if (c == 'x')
      c = kDigits[random.below(16)];
    else if (c == 'y')
      c = kDigits[8 + random.below(4)];
  return text;
}

std::string random_letters(Random& random, std::size_t count, char first) {
  std::string text(count, first);
  for (char& c : text) c = static_cast<char>(c + random.below(26));
  return text;
}

}  // namespace film::benchmarks
