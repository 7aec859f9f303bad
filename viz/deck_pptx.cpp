// Packs the parts. A page's parts are made when the packer asks for them and let go afterwards.
#include "viz/deck_pptx.h"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "viz/cairo_canvas.h"
#include "viz/deck_pptx_parts.h"
#include "viz/deck_progress.h"
#include "viz/svg_canvas.h"

namespace viz {

namespace {

constexpr Colour nothing{0, 0, 0, 0};
constexpr zip_uint16_t dos_date = 0x0021;  // 1980-01-01, the first there is

// A file of the package, made when it is packed.
struct Part {
    std::string name;
    std::function<std::string()> make;
    std::exception_ptr* failure;
    bool made = false;
    std::string bytes = {};
    size_t size = 0;  // stays when the bytes are let go: libzip asks for it once more
    size_t read = 0;

    // What libzip asks of a source of bytes; no exception may cross it.
    bool prepare() {
        if (made) return true;
        try {
            bytes = make();
            size = bytes.size();
            made = true;
        } catch (...) {
            *failure = std::current_exception();
        }
        return made;
    }
};

zip_int64_t answer(void* part_data, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    Part& part = *static_cast<Part*>(part_data);
    switch (command) {
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
                                                  ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                                  ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
        case ZIP_SOURCE_STAT: {
            if (!part.prepare()) return -1;
            zip_stat_t* stat = static_cast<zip_stat_t*>(data);
            zip_stat_init(stat);
            stat->valid = ZIP_STAT_SIZE;  // known beforehand, or the entry becomes one of zip64
            stat->size = part.size;
            return sizeof *stat;
        }
        case ZIP_SOURCE_OPEN:
            part.read = 0;
            return part.prepare() && part.bytes.size() == part.size ? 0 : -1;
        case ZIP_SOURCE_READ: {
            const size_t n = std::min<size_t>(length, part.bytes.size() - part.read);
            std::memcpy(data, part.bytes.data() + part.read, n);
            part.read += n;
            return static_cast<zip_int64_t>(n);
        }
        case ZIP_SOURCE_CLOSE:
            part.bytes = {};
            return 0;
        case ZIP_SOURCE_ERROR: {
            const int codes[] = {ZIP_ER_INTERNAL, 0};
            std::memcpy(data, codes, sizeof codes);
            return sizeof codes;
        }
        default:
            return 0;
    }
}

struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
    void operator()(zip_source_t* source) const { zip_source_free(source); }
};

class Package {
  public:
    Package() {
        zip_error_t error;
        zip_error_init(&error);
        memory_.reset(zip_source_buffer_create(nullptr, 0, 0, &error));
        if (memory_) archive_.reset(zip_open_from_source(memory_.get(), ZIP_TRUNCATE, &error));
        zip_error_fini(&error);
        if (!archive_) throw std::runtime_error("the file cannot be packed");
        zip_source_keep(memory_.get());  // closing gives the archive's hold on it back
    }

    void add(std::string name, std::function<std::string()> make) {
        Part& part = parts_.emplace_back(Part{std::move(name), std::move(make), &failure_});
        zip_source_t* source = zip_source_function(archive_.get(), answer, &part);
        const zip_int64_t added =
            source ? zip_file_add(archive_.get(), part.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
        if (added < 0) {
            zip_source_free(source);
            fail();
        }
        const auto index = static_cast<zip_uint64_t>(added);
        const bool packed = part.name.ends_with(".png");
        if (zip_set_file_compression(archive_.get(), index, packed ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
                                     0) != 0 ||
            zip_file_set_dostime(archive_.get(), index, 0, dos_date, 0) != 0) {
            fail();
        }
    }

    void write(std::ostream& out) {
        if (zip_close(archive_.get()) != 0) {
            if (failure_) std::rethrow_exception(failure_);
            fail();
        }
        archive_.release();
        if (zip_source_open(memory_.get()) != 0) throw std::runtime_error("the file is lost");
        std::string piece(1 << 16, '\0');
        for (zip_int64_t n = 0;
             (n = zip_source_read(memory_.get(), piece.data(), piece.size())) > 0;) {
            out.write(piece.data(), static_cast<std::streamsize>(n));
        }
        zip_source_close(memory_.get());
    }

  private:
    [[noreturn]] void fail() {
        throw std::runtime_error(std::string("the file cannot be packed: ") +
                                 zip_strerror(archive_.get()));
    }

    std::deque<Part> parts_;  // the sources point at them
    std::exception_ptr failure_;
    std::unique_ptr<zip_source_t, Discard> memory_;
    std::unique_ptr<zip_t, Discard> archive_;
};

std::string svg_of(const Deck& deck, const Page& page) {
    SvgCanvas canvas(slide_size(deck.shape), nothing);
    page.figure(canvas);
    return canvas.finish(page.title);
}

}  // namespace

void write_pptx(std::ostream& out, const Deck& deck, const Progress& progress) {
    Page page;
    Package package;
    const auto with_relations = [&](const std::string& name, auto part, auto relations) {
        package.add(name, part);
        package.add(pptx::relations_name(name), relations);
    };
    package.add("[Content_Types].xml", [&] { return pptx::content_types(deck.pages); });
    package.add("_rels/.rels", pptx::package_relations);
    package.add("docProps/core.xml", [&] {
        return pptx::core_properties(deck.title.empty() ? "Stepscope" : deck.title);
    });
    package.add("docProps/app.xml", pptx::app_properties);
    with_relations(
        "ppt/presentation.xml", [&] { return pptx::presentation(deck); },
        [&] { return pptx::presentation_relations(deck.pages); });
    package.add("ppt/theme/theme1.xml", [&] { return pptx::theme(*deck.theme); });
    package.add("ppt/theme/theme2.xml", [] { return pptx::theme(light_theme()); });
    with_relations(
        "ppt/slideMasters/slideMaster1.xml", [&] { return pptx::slide_master(deck); },
        pptx::slide_master_relations);
    with_relations(
        "ppt/slideLayouts/slideLayout1.xml", [&] { return pptx::slide_layout(deck); },
        pptx::slide_layout_relations);
    with_relations(
        "ppt/notesMasters/notesMaster1.xml", [&] { return pptx::notes_master(deck); },
        pptx::notes_master_relations);
    for (int i = 1; i <= deck.pages; ++i) {
        // The page is asked for by the first of its parts.
        with_relations(
            pptx::slide_name(i),
            [&, i] {
                page = deck.page(i - 1);
                return pptx::slide(deck, page);
            },
            [i] { return pptx::slide_relations(i); });
        with_relations(
            pptx::notes_name(i), [&] { return pptx::notes(page); },
            [i] { return pptx::notes_relations(i); });
        package.add(pptx::svg_name(i), [&] { return svg_of(deck, page); });
        package.add(pptx::png_name(i), [&, i] {
            // On the slide's colour: where programs mix a transparent picture in, thin lines and
            // the gaps of maps come out grey.
            std::string bytes = render_png(slide_size(deck.shape), pptx_picture_scale,
                                           deck.theme->card, page.figure);
            tell(progress, i, deck.pages);
            return bytes;
        });
    }
    package.write(out);
}

}  // namespace viz
