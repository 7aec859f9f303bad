// The XML parts of a PowerPoint file: what stands in every one of them but the pictures.
#pragma once

#include <string>
#include <vector>

#include "viz/slides/deck.h"
#include "viz/slides/fill.h"

namespace viz::pptx {

// English Metric Units of a pixel: a wide slide of 1920 pixels is 13.33 inches.
inline constexpr int emu = 6350;

// A file of assets/export/pptx/fragments, filled in.
std::string fragment(const char* name, const Values& values = {});
// A size, as files have it: without fractions.
std::string whole(double value);

// Names of parts inside the package; slides are counted from 1.
std::string slide_name(int number);
std::string notes_name(int number);
std::string png_name(int number);
std::string svg_name(int number);
// "ppt/slides/slide1.xml" -> "ppt/slides/_rels/slide1.xml.rels"
std::string relations_name(const std::string& part);

// `types`: of the parts that every deck has others of.
std::string content_types(const std::string& types);
std::string part_type(const std::string& part, const std::string& type);
std::string package_relations();
std::string core_properties(const std::string& title);
std::string app_properties();
// `slides`: the ids of their relations.
std::string presentation(const Deck& deck, const std::vector<std::string>& slides);
std::string theme(const Theme& theme);
std::string slide_master(const Deck& deck);
std::string slide_master_relations();
// 1: a step, with its title and caption; 2: a figure alone; 3: a figure with text beside it.
inline constexpr int layouts = 3;
std::string slide_layout(const Deck& deck, int number);
std::string layout_name(int number);
// What of a page is its picture, between the title and the caption, which are text.
Rect figure_place(const Deck& deck);
std::string slide_layout_relations();
// `size`: of a slide.
std::string notes_master(Size size);
// Placeholders of our own layouts and notes: "<p:ph type=\"title\"/>".
inline constexpr const char* title_placeholder = "<p:ph type=\"title\"/>";
inline constexpr const char* caption_placeholder =
    "<p:ph type=\"body\" sz=\"quarter\" idx=\"10\"/>";
inline constexpr const char* number_placeholder =
    "<p:ph type=\"sldNum\" sz=\"quarter\" idx=\"11\"/>";
inline constexpr const char* notes_placeholder = "<p:ph type=\"body\" idx=\"1\"/>";
std::string notes(const Page& page, const std::string& placeholder);
// The words of a part, which are marked as English, as those of another language (BCP 47).
std::string in_language(const std::string& language, std::string part);
// A place and a size, in English Metric Units.
std::string place(double x, double y, double w, double h);

}  // namespace viz::pptx
