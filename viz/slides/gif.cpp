// The frames of the GIF and their colours.
#include "viz/slides/gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "model/base/error.h"
#include "viz/paint/cairo_canvas.h"

namespace viz {

namespace {

constexpr float frame_width = 960;
constexpr int most_colours = 255;  // one index is left for what stays as it was
constexpr int unchanged = 0;       // that index

int channel(uint32_t argb, int which) {
    return static_cast<int>(argb >> (8 * which) & 0xFF);
}

struct Counted {
    uint32_t argb;
    int times;
};

// Colours that become one: a piece of the list.
struct Box {
    size_t begin, end;
    int axis = 0;       // the channel in which they differ most
    double spread = 0;  // sum of squared distances from the mean along it
    double mean = 0;

    Box(const std::vector<Counted>& colours, size_t first, size_t last) : begin(first), end(last) {
        for (int which = 0; which < 3; ++which) {
            double n = 0, sum = 0, squares = 0;
            for (size_t i = begin; i < end; ++i) {
                const double value = channel(colours[i].argb, which), times = colours[i].times;
                n += times;
                sum += times * value;
                squares += times * value * value;
            }
            if (const double s = squares - sum * sum / n; which == 0 || s > spread) {
                axis = which;
                spread = s;
                mean = sum / n;
            }
        }
    }
};

// The colours of a frame: exact while they are few, else the list is cut at the mean where it
// differs most, again and again, as in median cut (Heckbert 1982).
class Palette {
  public:
    explicit Palette(std::vector<Counted> colours) {
        const auto order = [](int which) {
            return [which](const Counted& a, const Counted& b) {
                const int x = channel(a.argb, which), y = channel(b.argb, which);
                return x != y ? x < y : a.argb < b.argb;
            };
        };
        std::sort(colours.begin(), colours.end(), order(0));
        std::vector<Box> boxes;
        if (colours.size() <= most_colours) {
            for (size_t i = 0; i < colours.size(); ++i) boxes.emplace_back(colours, i, i + 1);
        } else {
            boxes.emplace_back(colours, 0, colours.size());
        }
        while (boxes.size() < most_colours) {
            const auto widest =
                std::max_element(boxes.begin(), boxes.end(),
                                 [](const Box& a, const Box& b) { return a.spread < b.spread; });
            if (widest == boxes.end() || widest->spread < 0.5) break;
            const Box box = *widest;
            const auto first = colours.begin() + static_cast<std::ptrdiff_t>(box.begin);
            const auto last = colours.begin() + static_cast<std::ptrdiff_t>(box.end);
            std::sort(first, last, order(box.axis));
            const auto cut = std::find_if(first + 1, last - 1, [&](const Counted& c) {
                return channel(c.argb, box.axis) > box.mean;
            });
            const auto middle = static_cast<size_t>(cut - colours.begin());
            *widest = Box(colours, box.begin, middle);
            boxes.emplace_back(colours, middle, box.end);
        }
        colours_.push_back({});  // unchanged
        for (const Box& box : boxes) {
            for (size_t i = box.begin; i < box.end; ++i) {
                index_[colours[i].argb] = static_cast<GifPixelType>(colours_.size());
            }
            colours_.push_back(colour_of(colours, box));
        }
        size_t size = 2;
        while (size < colours_.size()) size *= 2;
        colours_.resize(size);
    }

    GifPixelType index(uint32_t argb) const { return index_.at(argb); }
    const std::vector<GifColorType>& colours() const { return colours_; }

  private:
    // The mean; but where one colour is most of the box, that one: surfaces stay what they are.
    static GifColorType colour_of(const std::vector<Counted>& colours, const Box& box) {
        double n = 0;
        std::array<double, 3> sum{};
        Counted most{0, 0};
        for (size_t i = box.begin; i < box.end; ++i) {
            n += colours[i].times;
            for (int which = 0; which < 3; ++which) {
                sum[static_cast<size_t>(which)] +=
                    double(channel(colours[i].argb, which)) * colours[i].times;
            }
            if (colours[i].times > most.times) most = colours[i];
        }
        std::array<GifByteType, 3> rgb;
        for (int which = 0; which < 3; ++which) {
            const auto at = static_cast<size_t>(which);
            rgb[at] = static_cast<GifByteType>(most.times * 2 > n ? channel(most.argb, which)
                                                                  : std::lround(sum[at] / n));
        }
        return {rgb[2], rgb[1], rgb[0]};
    }

    std::vector<GifColorType> colours_;
    std::unordered_map<uint32_t, GifPixelType> index_;
};

struct Area {
    int left, top, right, bottom;
};

// The smallest rectangle that holds every pixel that differs; one pixel when none does, because a
// frame also says how long it stays.
Area changed(const Pixels& before, const Pixels& now) {
    Area area{now.width, now.height, 0, 0};
    for (int y = 0; y < now.height; ++y) {
        for (int x = 0; x < now.width; ++x) {
            const size_t i = static_cast<size_t>(y) * static_cast<size_t>(now.width) + x;
            if (before.argb[i] == now.argb[i]) continue;
            area = {std::min(area.left, x), std::min(area.top, y), std::max(area.right, x + 1),
                    std::max(area.bottom, y + 1)};
        }
    }
    return area.right == 0 ? Area{0, 0, 1, 1} : area;
}

struct StreamFailed {};

class GifFile {
  public:
    GifFile(std::ostream& out, int width, int height) : out_(out) {
        int error = 0;
        gif_ = EGifOpen(&out, put, &error);
        require(gif_ != nullptr);
        EGifSetGifVersion(gif_, true);
        require(EGifPutScreenDesc(gif_, width, height, 8, 0, nullptr));
        // "Begin again, without end."
        const GifByteType again[] = {1, 0, 0};
        require(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE));
        require(EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0"));
        require(EGifPutExtensionBlock(gif_, sizeof again, again));
        require(EGifPutExtensionTrailer(gif_));
    }
    ~GifFile() {
        if (gif_) close();
    }
    GifFile(const GifFile&) = delete;
    GifFile& operator=(const GifFile&) = delete;

    // `before` is null for the first frame.
    void add(const Pixels* before, const Pixels& now, int hundredths) {
        const Area area = before ? changed(*before, now) : Area{0, 0, now.width, now.height};
        const auto at = [&](int x, int y) {
            return static_cast<size_t>(y) * static_cast<size_t>(now.width) + static_cast<size_t>(x);
        };
        const auto stays = [&](size_t i) { return before && before->argb[i] == now.argb[i]; };
        std::unordered_map<uint32_t, int> counts;
        for (int y = area.top; y < area.bottom; ++y) {
            for (int x = area.left; x < area.right; ++x) {
                if (!stays(at(x, y))) ++counts[now.argb[at(x, y)]];
            }
        }
        std::vector<Counted> colours;
        for (const auto& [argb, times] : counts) colours.push_back({argb, times});
        const Palette palette(std::move(colours));

        const GraphicsControlBlock control{DISPOSE_DO_NOT, false, hundredths, unchanged};
        std::array<GifByteType, 4> block;
        EGifGCBToExtension(&control, block.data());
        require(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, block.size(), block.data()));
        const std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)> map(
            GifMakeMapObject(static_cast<int>(palette.colours().size()), palette.colours().data()),
            GifFreeMapObject);
        require(map != nullptr);
        require(EGifPutImageDesc(gif_, area.left, area.top, area.right - area.left,
                                 area.bottom - area.top, false, map.get()));
        std::vector<GifPixelType> line(static_cast<size_t>(area.right - area.left));
        for (int y = area.top; y < area.bottom; ++y) {
            for (int x = area.left; x < area.right; ++x) {
                const size_t i = at(x, y);
                line[static_cast<size_t>(x - area.left)] =
                    stays(i) ? GifPixelType{unchanged} : palette.index(now.argb[i]);
            }
            require(EGifPutLine(gif_, line.data(), static_cast<int>(line.size())));
        }
    }

    void finish() { require(close()); }

  private:
    static int put(GifFileType* gif, const GifByteType* bytes, int n) {
        auto& out = *static_cast<std::ostream*>(gif->UserData);
        return out.write(reinterpret_cast<const char*>(bytes), n) ? n : 0;
    }

    void require(int done) const {
        if (done) return;
        // Of a stream that fails its owner says so.
        if (!out_) throw StreamFailed{};
        throw std::runtime_error("the GIF cannot be written");
    }

    int close() {
        int error = 0;
        return EGifCloseFile(std::exchange(gif_, nullptr), &error);
    }

    std::ostream& out_;
    GifFileType* gif_ = nullptr;
};

}  // namespace

void write_gif(std::ostream& out, const Deck& deck, const Progress& progress) {
    if (deck.pages == 0) throw model::Error("a GIF needs at least one page");
    const Size size = deck.size();
    const float scale = deck.scale > 0 ? deck.scale : frame_width / size.w;
    try {
        Pixels before;
        GifFile gif(out, static_cast<int>(std::lround(size.w * scale)),
                    static_cast<int>(std::lround(size.h * scale)));
        for (int i = 0; i < deck.pages; ++i) {
            const Page page = deck.page(i);
            Pixels now = render_pixels(size, scale, deck.theme->card, page.whole);
            gif.add(i == 0 ? nullptr : &before, now, page.hundredths);
            before = std::move(now);
            tell(progress, i + 1, deck.pages);
        }
        gif.finish();
    } catch (const StreamFailed&) {
        return;
    }
}

}  // namespace viz
