#include "app/class/class_routes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/class/addresses.h"
#include "app/class/door.h"
#include "app/class/page_files.h"
#include "app/class/random_text.h"
#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"

namespace app {

namespace {

using Clock = Classroom::Clock;
using httplib::Request;
using httplib::Response;
using Json = nlohmann::ordered_json;

// Wrong codes: of one address, and of all together. There are 160,000 codes.
constexpr Rate wrong_of_one{10, 1.0 / 6}, wrong_of_all{200, 4};
// New voters of one address. A school's network may show a whole class as one; whoever sits at this
// machine is not limited so.
constexpr Rate joins_of_one{150, 2};
constexpr size_t longest_typed = 64;  // bytes: no token is longer that anybody would type

constexpr const char* html = "text/html; charset=utf-8";
constexpr const char* json = "application/json";

// Nothing but what comes from here; a page is in no frame and sends no form elsewhere.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// The program for browsers compiles WebAssembly and draws pictures that it made.
constexpr const char* web_policy =
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

void say(Response& response, int status, const Json& body) {
    response.status = status;
    response.set_content(model::json_text(body), json);
}
void refuse(Response& response, int status, const char* why, const char* words) {
    say(response, status, {{"why", why}, {"says", words}});
}

}  // namespace

class ClassRoutes::Pages {
  public:
    Pages(std::string code, WebFiles web, std::shared_ptr<Classroom> classroom)
        : code_(std::move(code)), web_(std::move(web)), classroom_(std::move(classroom)) {
        door_.Get(".*", [this](const Request& asked, Response& response) { get(asked, response); });
        door_.Post(".*",
                   [this](const Request& asked, Response& response) { post(asked, response); });
        door_.set_exception_handler([](const Request&, Response& response, auto) {
            refuse(response, 500, "trouble", "The teacher's program could not answer.");
        });
    }

    Reply answer(const Asked& asked) {
        from_ = &asked;
        now_ = Clock::now();
        file_ = nullptr;
        std::string bytes = door_.answer(asked.text);
        const bool head = asked.text.starts_with("HEAD");
        return {std::move(bytes), head ? nullptr : std::move(file_)};
    }

    void sweep(Clock::time_point now) {
        wrong_.sweep(now);
        joins_.sweep(now);
    }

  private:
    void get(const Request& asked, Response& response) {
        guard(response, page_policy);
        if (!is_own_host(asked.get_header_value("Host"))) return foreign(response);
        const std::string& path = asked.path;
        if (path == "/favicon.ico") {
            response.status = 204;
        } else if (path == "/phone.css") {
            file(response, "phone.css", "text/css; charset=utf-8");
        } else if (path == "/") {
            if (!asked.has_param("code")) return enter(response, 200, "");
            const std::string code = code_from(asked.get_param_value("code"));
            if (code.empty()) return enter(response, 200, "A code has four letters.");
            response.set_redirect("/" + code + "/", 303);
        } else if (let_in(asked, response)) {
            inside(asked, path.substr(1 + code_length), response);
        }
    }

    // Behind the code.
    void inside(const Request& asked, const std::string& path, Response& response) {
        if (path.empty()) {
            response.set_redirect("/" + code_ + "/", 303);
        } else if (path == "/") {
            file(response, "phone.html", html);
        } else if (path == "/phone.js") {
            file(response, "phone.js", "text/javascript; charset=utf-8");
        } else if (path == "/state") {
            if (foreign_site(asked)) return foreign(response);
            made(asked, response, classroom_->page());
        } else if (path == "/run" && !web_.empty()) {
            if (foreign_site(asked)) return foreign(response);
            const ClassPagePtr run = classroom_->run();
            if (!run) return refuse(response, 409, "hidden", "The class is guessing.");
            made(asked, response, run);
        } else if (path == "/laptop") {
            say(response, 200, {{"web", !web_.empty()}});
        } else if (path.starts_with("/web/")) {
            web(path == "/web/" ? "index.html" : path.substr(5), response);
        } else {
            nothing(response);
        }
    }

    // A file is megabytes: it does not go through httplib, which would hold it for each who asks.
    void web(const std::string& name, Response& response) {
        const auto found = web_.find(name);
        if (found == web_.end()) return nothing(response);
        std::weak_ptr<const std::string>& held = held_[name];
        file_ = held.lock();
        if (!file_) {
            try {
                file_ = std::make_shared<const std::string>(model::read_file(found->second.path));
            } catch (const model::Error&) {
                return nothing(response);
            }
            held = file_;
        }
        // The page is loaded again for each step that it follows, and its files with it; under
        // another code they are other files.
        guard(response, web_policy, "private, max-age=86400");
        response.status = 200;
        response.set_header("Content-Type", found->second.type);
        response.set_header("Content-Length", std::to_string(file_->size()));
    }

    void post(const Request& asked, Response& response) {
        guard(response, page_policy);
        if (!is_own_host(asked.get_header_value("Host"))) return foreign(response);
        if (foreign_site(asked) || foreign_origin(asked)) return foreign(response);
        if (!let_in(asked, response)) return;
        const std::string path = asked.path.substr(1 + code_length);
        const Json body = Json::parse(asked.body, nullptr, false);
        if (!body.is_object()) return refuse(response, 400, "form", "That is no vote.");
        if (path == "/join") return join(body, response);
        if (path == "/vote") return vote(asked, body, response);
        nothing(response);
    }

    void join(const Json& body, Response& response) {
        if (!body.empty()) return refuse(response, 400, "form", "Nobody needs to say who comes.");
        if (!from_->near && !joins_.take(from_->peer, now_)) {
            return refuse(response, 429, "wait", "Many come at once. Your turn is in a moment.");
        }
        const std::string voter = classroom_->join(now_);
        if (voter.empty()) return refuse(response, 429, "full", "The class is full.");
        say(response, 200, {{"voter", voter}});
    }

    void vote(const Request& asked, const Json& body, Response& response) {
        const std::string voter = asked.get_header_value("Stepscope-Voter");
        const auto round = body.find("round"), id = body.find("id"), typed = body.find("typed");
        const bool by_id = id != body.end(), by_text = typed != body.end();
        const auto whole = [](const Json& value) {
            return value.is_number_integer() && value >= 0 && value < (1 << 30);
        };
        const bool right = body.size() == 2 && round != body.end() && whole(*round) &&
                           (by_id ? whole(*id) : by_text && typed->is_string());
        if (!right) return refuse(response, 400, "form", "That is no vote.");
        if (!classroom_->seen(voter, now_)) {
            return refuse(response, 401, "stranger", "This page is from another class.");
        }
        Classroom::Vote vote;
        if (by_text) {
            const auto words = typed->get<std::string>();
            if (words.empty() || words.size() > longest_typed || !plain(words)) {
                return refuse(response, 422, "long", "Type one word, or a part of one.");
            }
            vote = classroom_->vote(voter, round->get<int>(), words, now_);
        } else {
            vote = classroom_->vote(voter, round->get<int>(), id->get<int>(), now_);
        }
        tell(vote, response);
    }

    static void tell(const Classroom::Vote& vote, Response& response) {
        using Result = Classroom::Vote::Result;
        switch (vote.result) {
            case Result::taken:
                return say(response, 200, {{"id", vote.id}, {"shown", vote.shown}});
            case Result::closed:
                return refuse(response, 409, "closed", "Voting is closed.");
            case Result::moved_on:
                return refuse(response, 409, "moved", "The text has moved on. Vote again.");
            case Result::stranger:
                return refuse(response, 401, "stranger", "This page is from another class.");
            case Result::too_often:
                return refuse(response, 429, "wait", "That was quick. Try again in a second.");
            case Result::no_token: {
                Json body = {{"why", "pieces"},
                             {"says", "That is not one token."},
                             {"pieces", Json::array()}};
                for (const ClassView::Offer& piece : vote.pieces) {
                    body["pieces"].push_back({{"id", piece.id}, {"shown", piece.shown}});
                }
                return say(response, 422, body);
            }
        }
    }

    // Whether the code is right, and who asks may say one. What is wrong is answered.
    bool let_in(const Request& asked, Response& response) {
        const std::string& path = asked.path;
        const size_t end = path.find('/', 1);
        const std::string code =
            code_from(std::string_view(path).substr(1, end == std::string::npos ? end : end - 1));
        const std::string voter = asked.get_header_value("Stepscope-Voter");
        const bool known = code == code_ && !voter.empty() && classroom_->seen(voter, now_);
        if (known) return true;
        // Where too many wrong ones came, the right one opens no more than they: else it would be
        // found by trying.
        if (!wrong_.has(from_->peer, now_) || !all_wrong_.has(wrong_of_all, now_)) {
            enter(response, 429, "Too many wrong codes were tried. Wait a minute, then try again.");
            return false;
        }
        if (code == code_) return true;
        // What can be no code tries none: browsers ask for icons unasked.
        if (!code.empty()) {
            wrong_.take(from_->peer, now_);
            all_wrong_.take(wrong_of_all, now_);
        }
        enter(response, 404, "No class has this code. Look at the screen again.");
        return false;
    }

    // A browser says whether another page asked.
    static bool foreign_site(const Request& asked) {
        if (!asked.has_header("Sec-Fetch-Site")) return false;
        const std::string site = asked.get_header_value("Sec-Fetch-Site");
        return site != "same-origin" && site != "none";
    }
    static bool foreign_origin(const Request& asked) {
        return asked.has_header("Origin") &&
               asked.get_header_value("Origin") != "http://" + asked.get_header_value("Host");
    }

    static void foreign(Response& response) {
        refuse(response, 403, "foreign", "Only the class's own page can do this.");
    }
    static void nothing(Response& response) {
        refuse(response, 404, "nothing", "There is no such page.");
    }

    static void guard(Response& response, const char* policy, const char* cache = "no-store") {
        response.headers.clear();
        response.set_header("Content-Security-Policy", policy);
        response.set_header("X-Content-Type-Options", "nosniff");
        response.set_header("X-Frame-Options", "DENY");
        response.set_header("Referrer-Policy", "no-referrer");
        response.set_header("Cache-Control", cache);
        response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    }

    static void file(Response& response, std::string_view name, const char* type) {
        response.set_content(std::string(page_files().at(name)), type);
    }

    // The page that asks for the code, with one of our sentences.
    static void enter(Response& response, int status, std::string_view words) {
        constexpr std::string_view place = "{{says}}";
        std::string text(page_files().at("enter.html"));
        text.replace(text.find(place), place.size(), words);
        response.status = status;
        response.set_content(text, html);
    }

    static void made(const Request& asked, Response& response, const ClassPagePtr& page) {
        response.set_header("ETag", page->etag);
        if (asked.get_header_value("If-None-Match") == page->etag) {
            response.status = 304;
        } else {
            response.set_content(page->json, json);
        }
    }

    // Text without what cannot be typed in a line.
    static bool plain(const std::string& text) {
        return model::is_utf8(text) &&
               text.find_first_of(control_characters()) == std::string::npos;
    }
    static const std::string& control_characters() {
        static const std::string all = [] {
            std::string some("\x7F");
            for (char c = 0; c < ' '; ++c) some += c;
            return some;
        }();
        return all;
    }

    const std::string code_;
    const WebFiles web_;
    const std::shared_ptr<Classroom> classroom_;
    Door door_;
    Allowances wrong_{wrong_of_one}, joins_{joins_of_one};
    Allowance all_wrong_;
    std::map<std::string, std::weak_ptr<const std::string>> held_;  // files on their way
    // What is answered now, when, and the file behind it.
    const Asked* from_ = nullptr;
    Clock::time_point now_;
    std::shared_ptr<const std::string> file_;
};

ClassRoutes::ClassRoutes(std::string code, WebFiles web, std::shared_ptr<Classroom> classroom)
    : pages_(std::make_unique<Pages>(std::move(code), std::move(web), std::move(classroom))) {}
ClassRoutes::~ClassRoutes() = default;

Reply ClassRoutes::answer(const Asked& asked) {
    return pages_->answer(asked);
}

void ClassRoutes::sweep(Classroom::Clock::time_point now) {
    pages_->sweep(now);
}

}  // namespace app
