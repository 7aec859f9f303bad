// The XML parts of a PowerPoint file: what stands in every one of them but the pictures.
#pragma once

#include <string>

#include "viz/slides/deck.h"

namespace viz::pptx {

// English Metric Units of a pixel: a wide slide of 1920 pixels is 13.33 inches.
inline constexpr int emu = 6350;

// Names of parts inside the package; slides are counted from 1.
std::string slide_name(int number);
std::string notes_name(int number);
std::string png_name(int number);
std::string svg_name(int number);
// "ppt/slides/slide1.xml" -> "ppt/slides/_rels/slide1.xml.rels"
std::string relations_name(const std::string& part);

std::string content_types(int pages);
std::string package_relations();
std::string core_properties(const std::string& title);
std::string app_properties();
std::string presentation(const Deck& deck);
std::string presentation_relations(int pages);
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
std::string notes_master(const Deck& deck);
std::string notes_master_relations();
std::string slide(const Deck& deck, const Page& page, int number);
std::string slide_relations(int number);
std::string notes(const Page& page);
std::string notes_relations(int number);

}  // namespace viz::pptx
