#include "style.h"

#include <fmt/format.h>

#include "film/base/strings.h"
#include "series.h"
#include "summary_table.h"

namespace film::report {
namespace {

// Blue and brown keep apart under every common colour blindness; dashes and marker shapes tell series apart
// without colour. Contrast of text on its ground is at least 4.5:1 in both schemes.
constexpr const char* kLight =
    "--paper:#fdfdfb;--ink:#1d2126;--soft:#565d66;--rule:#d9dbd8;--wash:#f3f3ef;"
    "--s0:#a4541b;--s1:#1b5e9e;--bar:#5f7f9c;--band:.18;--mark:#fbe9a9;";
constexpr const char* kLightMore = "--s2:#1f7a5c;--s3:#7a4a9e;--s4:#857000;--s5:#b8345f;";

constexpr const char* kDark =
    "--paper:#15181c;--ink:#e4e6e8;--soft:#a3abb4;--rule:#363c43;--wash:#1d2126;"
    "--s0:#e8a063;--s1:#79b4ee;--bar:#7f9cb8;--band:.28;--mark:#5c4b12;";
constexpr const char* kDarkMore = "--s2:#5fc29b;--s3:#c39be6;--s4:#d3bd4a;--s5:#f08aae;";

constexpr const char* kPageFonts =
    "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,\"Noto Sans\",\"Noto Sans CJK "
    "SC\",sans-serif";
constexpr const char* kStandaloneFonts = "Helvetica,Arial,sans-serif";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string dark_colours(std::size_t models) {
  return std::string(kDark) + (models < kOverviewFrom ? "" : kDarkMore);
}

// Series beyond the first two, their whiskers, and the table of tasks x models.
std::string more_series() {
  std::string css;
  constexpr const char* kDashes[] = {"", "", "2 3.5", "9 3 2 3", "12 4", "1 4"};
  for (std::size_t s = 2; s < kSeriesColours; ++s) {
    const std::string name = series(s), colour = "var(--" + name + ")";
    css += "." + name + ".whisker{stroke:" + colour + "}." + name + ".band{fill:" + colour + "}." + name +
           ".curve{stroke:" + colour + ";stroke-dasharray:" + kDashes[s] + "}\n." + name +
           ".dot{fill:" + colour + ";stroke:var(--paper);stroke-width:1}\n";
  }
  return css + "\n.again.curve{stroke-dasharray:1 5}\n";
}

constexpr const char* kOverview = R"css(
.overview{width:100%;margin-bottom:.5rem}
.overview tbody tr{border-bottom:1px solid var(--rule)}
.overview td{white-space:normal}
.overview td span{color:var(--soft);font-size:.8rem;white-space:nowrap}
.overview th{white-space:normal;overflow-wrap:anywhere;min-width:4rem}
.overview th:first-child{min-width:8.5rem}
)css";

constexpr const char* kType = R"css(
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,Cambria,"Noto Serif","Noto Serif CJK SC",serif;font-variant-numeric:lining-nums}
main,header.top,footer{max-width:66rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:3.5rem;padding-bottom:1.25rem}
.eyebrow,.meta,figure,table,nav,footer,.key,dl{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans","Noto Sans CJK SC",sans-serif}
.eyebrow{margin:0 0 .5rem;font-size:.78rem;letter-spacing:.08em;text-transform:uppercase;color:var(--soft)}
h1{margin:0;max-width:24em;font-size:clamp(1.75rem,4.5vw,2.6rem);line-height:1.15;font-weight:700;letter-spacing:-.012em;text-wrap:balance;overflow-wrap:anywhere}
.subtitle{margin:.75rem 0 0;max-width:40em;font-size:1.2rem;line-height:1.45;color:var(--soft);text-wrap:pretty;overflow-wrap:anywhere}
.meta{margin:1rem 0 0;font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
h2{margin:3rem 0 .6rem;padding-top:1.1rem;border-top:1px solid var(--rule);font-size:1.45rem;line-height:1.25;letter-spacing:-.006em}
h3{margin:0;font:600 1.02rem/1.3 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
p{margin:.6rem 0;max-width:42em;overflow-wrap:anywhere;text-wrap:pretty}
.remarks{margin:1.25rem 0;padding:.35rem 1.1rem;max-width:48em;border-left:3px solid var(--rule);background:var(--wash)}
a{color:var(--s1);text-decoration-thickness:1px;text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:2px solid var(--s1);outline-offset:2px}
.key{display:grid;gap:.35rem .75rem;grid-template-columns:auto minmax(0,1fr);margin:1rem 0;font-size:.9rem;align-items:baseline;max-width:50em}
.key svg{width:2.4rem;height:.85rem;overflow:visible;align-self:center}
.key b{font-weight:600}.key span{display:block;color:var(--soft)}.key div{overflow-wrap:anywhere}
)css";

constexpr const char* kTables = R"css(
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.9rem;line-height:1.4;font-variant-numeric:tabular-nums lining-nums}
.explain{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--soft);font-size:.85rem;line-height:1.5;max-width:60em}
th,td{padding:.34rem .85rem .34rem 0;text-align:right;vertical-align:baseline;font-weight:400;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
thead th{border-bottom:1.5px solid var(--ink);font-weight:600;vertical-align:bottom}
tbody th,thead th:first-child,.word{text-align:left}
.summary{width:100%}
.summary tbody{border-bottom:1px solid var(--rule)}
.summary .probe th{padding-top:.75rem;font-weight:600;white-space:normal;overflow-wrap:anywhere}
.summary .probe span{font-weight:400;color:var(--soft)}
.summary tbody tr:last-child>*{padding-bottom:.75rem}
.summary .delta>*{border-top:1px dotted var(--rule)}
.summary .model{padding-left:1rem;white-space:normal;overflow-wrap:anywhere;min-width:7rem}
.summary .value{font-weight:600}
.ci{color:var(--soft)}
.curves{vertical-align:middle;border-left:1px solid var(--rule)}.mini .ground{fill:var(--wash)}
.summary td.inner{padding-right:.85rem}
.summary .answers td{text-align:left;white-space:normal;padding-left:1rem;color:var(--soft);font-size:.85rem}
dl.facts.terms{grid-template-columns:max-content minmax(0,1fr);max-width:60em;color:var(--soft)}dl.terms dt{color:var(--ink);font-weight:600}
pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.6rem .8rem;background:var(--wash);font-size:.82rem;line-height:1.5}
summary.task{font-size:1rem;font-weight:600;color:var(--ink);margin-top:.6rem}
.sample{margin:.8rem 0 1rem;padding-left:.9rem;border-left:3px solid var(--s1)}
.sample.wrong{border-left-color:var(--s0)}
.sample .badge{margin:0;white-space:normal;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.sample dl.facts{margin:.25rem 0;grid-template-columns:5rem minmax(0,1fr)}
.context{max-width:60em;padding:.4rem .8rem;background:var(--wash);font-size:.85rem;line-height:1.5}
.context p{margin:.35rem 0;max-width:none;white-space:pre-wrap;text-wrap:wrap}
.context .gap{color:var(--soft);font-style:italic}
.context .taken{text-decoration:underline dotted;text-underline-offset:.2em}
mark{background:var(--mark);color:inherit;padding:.1em 0}
.mini{display:block;width:7.5rem;height:auto;margin-left:auto}
dl.facts{display:grid;grid-template-columns:minmax(8rem,15rem) minmax(0,1fr);gap:.2rem 1.25rem;margin:.5rem 0 1rem;font-size:.85rem;line-height:1.45}
dl.facts dt{color:var(--soft);overflow-wrap:anywhere}
dl.facts dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
details{margin:.4rem 0;font-size:.9rem}
summary{cursor:pointer;color:var(--soft);font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-size:.85rem;overflow-wrap:anywhere}
details[open]>summary{margin-bottom:.4rem}
details table{font-size:.8rem}
@media(max-width:40rem){
body{font-size:1rem}main,header.top,footer{padding-left:1rem;padding-right:1rem}header.top{padding-top:2rem}
th,td{padding-right:.55rem}
.summary thead{display:none}
.summary,.summary tbody,.summary tr{display:block}
.summary tr:not(.probe){display:grid;grid-template-columns:1fr 1fr;gap:.05rem .75rem;padding:.4rem 0}
.summary tr:not(.probe)>*{display:flex;justify-content:space-between;gap:.5rem;padding:0!important;text-align:left;white-space:normal}
.summary .model{grid-column:1/-1;font-weight:600}.summary .model:first-child{padding:0}
.summary td.wide{grid-column:1/-1;justify-content:flex-start}
.summary .delta{border-top:1px dotted var(--rule)}.summary .delta>*{border:0}
.summary td[data-label]::before{content:attr(data-label);color:var(--soft)}
.summary td:empty{display:none}
.summary .answers td{grid-column:1/-1}
.summary .probe th{display:block}
dl.facts,dl.facts.terms{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}
}
)css";

constexpr const char* kLayout = R"css(
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));gap:2rem 2.25rem;margin:1.25rem 0}
figure{margin:0;min-width:0}
figure>svg,.pair svg{display:block;width:100%;height:auto}
figure.single{max-width:31rem}
.head{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .7rem;margin-bottom:.35rem}
.badge{font-size:.82rem;color:var(--soft);white-space:nowrap}
figcaption{margin-top:.35rem;font-size:.85rem;line-height:1.45;color:var(--soft);overflow-wrap:anywhere}
footer{padding-top:2.5rem;padding-bottom:3rem;font-size:.82rem;color:var(--soft)}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
:root{LIGHT}
@page{margin:13mm 14mm}
body{font-size:9.5pt;background:none}main,header.top,footer{max-width:none;padding-left:0;padding-right:0}
header.top{padding-top:0;padding-bottom:0}h1{font-size:1.6rem}.subtitle{margin:.4rem 0 0;font-size:1rem}.meta{margin:.4rem 0 0}
h2{margin-top:.7rem;padding-top:.6rem;font-size:1.2rem;break-after:avoid}h2+p{font-size:.8rem;max-width:none}h3{font-size:.85rem}
.key{margin:.4rem 0;font-size:.75rem;line-height:1.35;grid-template-columns:repeat(2,auto minmax(0,1fr));max-width:none}
.explain{margin:.4rem 0;font-size:.8rem;max-width:none}
dl.facts.terms{margin:.3rem 0;font-size:.68rem;line-height:1.25;gap:.05rem .8rem;grid-template-columns:repeat(2,max-content 1fr);max-width:none}
figure,.summary tbody,.remarks{break-inside:avoid}
.panels{grid-template-columns:1fr 1fr;gap:.4rem 1rem;margin:.5rem 0}
.panels.small{grid-template-columns:1fr 1fr 1fr}
figure>svg{max-width:58mm}.small figure>svg{max-width:48mm}
figcaption{font-size:.75rem;line-height:1.3}.small figcaption{display:none}
h2+p{break-inside:avoid}h2+p,details[open]>summary{break-after:avoid}
.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding-right:.5rem}
.summary tbody tr>*,.summary tbody tr:last-child>*{padding-top:.05rem;padding-bottom:.05rem;line-height:1.25}
.summary tbody tr.probe th{padding-top:.3rem}.summary tr.answers td{font-size:.75rem}.mini{height:1.9rem}
details:not([open]),figure details,nav,footer{display:none}.sample,.context{break-inside:avoid}
details[open]{columns:2;column-gap:1rem}details[open]>summary{column-span:all}
.sample{margin:0 0 .4rem;padding-top:0;padding-bottom:0}.sample .badge{margin:0;font-size:.72rem}
.sample dl.facts{margin:.1rem 0;font-size:.72rem;line-height:1.25;gap:0 .6rem;grid-template-columns:4rem minmax(0,1fr)}
a{color:inherit;text-decoration:none}
}
)css";

constexpr const char* kFigure =
    R"css(text{font-family:FONTS;fill:var(--soft);font-size:12px}
text.legend{fill:var(--ink);font-size:12.5px}
text.stagename{font-size:10.5px}
.grid{stroke:var(--rule);stroke-width:1}
.axis{stroke:var(--soft);stroke-width:1}
.zero{stroke:var(--ink);stroke-width:1}
.stage{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3}
.curve{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.thin{stroke-width:1.5}
.band{stroke:none;fill-opacity:var(--band)}
.s0.band{fill:var(--s0)}.s0.curve{stroke:var(--s0);stroke-dasharray:6 4.5}
.s1.band{fill:var(--s1)}.s1.curve{stroke:var(--s1)}
.dot{stroke-width:1.8}
.s0.dot{fill:var(--paper);stroke:var(--s0)}
.s1.dot{fill:var(--s1);stroke:var(--paper);stroke-width:1}
.delta{fill:var(--ink);stroke:var(--paper);stroke-width:1}
.whisker{stroke:var(--ink);stroke-width:1.4}
.s0.whisker{stroke:var(--s0)}.s1.whisker{stroke:var(--s1)}
.chance{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:5 3}
.heat{fill:var(--s1)}.heat.few{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 2}
.heat0{fill-opacity:.04}.heat1{fill-opacity:.1}.heat2{fill-opacity:.2}.heat3{fill-opacity:.3}.heat4{fill-opacity:.4}
.heat5{fill-opacity:.5}.heat6{fill-opacity:.68}.heat7{fill-opacity:.76}.heat8{fill-opacity:.84}.heat9{fill-opacity:.92}
text.value{fill:var(--ink)}text.onheat{fill:var(--paper)}
.bar{fill:var(--bar)}
.expected{fill:none;stroke:var(--ink);stroke-width:1.4;stroke-dasharray:5 3}
)css";

}  // namespace

std::string light_colours(std::size_t models) {
  return std::string(kLight) + (models < kOverviewFrom ? "" : kLightMore);
}

std::string figure_css(std::size_t models) {
  return replaced(kFigure, "FONTS", kPageFonts) + (models < kOverviewFrom ? "" : more_series());
}

// Programs that set papers know neither custom properties nor system-ui.
std::string standalone_css(std::size_t models) {
  std::string css = replaced(figure_css(models), kPageFonts, kStandaloneFonts);
  const std::string colours = light_colours(models);
  for (const std::string_view declaration : split(colours, ";")) {
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = declaration.substr(0, colon);
    css = replaced(css, fmt::format("var({})", name),
                   name == "--paper" ? kStandaloneGround : declaration.substr(colon + 1));
  }
  return css;
}

std::string page_css(std::size_t models) {
  std::string layout = kLayout;
  layout.replace(layout.find("LIGHT"), 5, light_colours(models));
  return ":root{" + light_colours(models) + "}\n@media screen and (prefers-color-scheme:dark){:root{" +
         dark_colours(models) + "}}" + kType + kTables + (models < kOverviewFrom ? "" : kOverview) +
         figure_css(models) + layout;
}

}  // namespace film::report
