#include "viz/views.h"
namespace viz {
Size diagram_size(const Scene& scene) { return {900 * scene.text_scale, 560 * scene.text_scale}; }
void draw_diagram(Canvas&, Rect, const Scene&) {}
Lines diagram_tooltip(const Scene&, const Hit&) { return {}; }
}
