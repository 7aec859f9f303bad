// A class at its phones without a window: what is a request, who is let in, whose votes count; and
// all of it at once, from many threads.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "app/class/addresses.h"
#include "app/class/class_routes.h"
#include "app/class/class_server.h"
#include "app/class/page_files.h"
#include "app/class/qr.h"
#include "app/class/random_text.h"
#include "tests/support.h"

using namespace app;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

const auto now = Classroom::Clock::now();

ClassView asked(const std::vector<int>& ids) {
    ClassView view;
    view.phase = ClassView::Phase::vote;
    view.ids = ids;
    view.prompt = "Tom";
    view.offers = {{1, "a"}, {2, "b"}};
    return view;
}

std::string post(const std::string& path, const std::string& body, const std::string& more = "") {
    return "POST " + path +
           " HTTP/1.1\r\nHost: localhost:8099\r\nContent-Type: application/json\r\n" + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string get(const std::string& path, const std::string& more = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: 192.168.1.20:8099\r\n" + more + "\r\n";
}

int status_of(const std::string& answer) {
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

Json body_of(const std::string& answer) {
    return Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

// Pages without sockets.
struct Desk {
    std::shared_ptr<Classroom> classroom = std::make_shared<Classroom>();
    ClassRoutes routes{"KMRT", {}, classroom};

    std::string ask(const std::string& request, uint64_t peer = 1, bool near = false) {
        Parsed parsed = parse_request(request);
        REQUIRE(parsed.asked);
        parsed.asked->peer = peer;
        parsed.asked->near = near;
        return routes.answer(*parsed.asked).bytes;
    }
    std::string join(uint64_t peer = 1) {
        return body_of(ask(post("/KMRT/join", "{}"), peer))["voter"];
    }
};

}  // namespace

TEST_CASE("a request is taken when it is whole, and refused by its form") {
    const std::string whole = post("/KMRT/vote", "{}", "Cookie: a=b\r\nRange: bytes=0-1\r\n");
    for (size_t n = 0; n < whole.size(); ++n) {
        const Parsed part = parse_request(std::string_view(whole).substr(0, n));
        CHECK_FALSE(part.asked);
        CHECK(part.refused == 0);
    }
    const Parsed parsed = parse_request(whole);
    REQUIRE(parsed.asked);
    CHECK(parsed.asked->text.starts_with("POST /KMRT/vote HTTP/1.1\r\n"));
    CHECK(parsed.asked->text.find("Cookie") == std::string::npos);
    CHECK(parsed.asked->text.find("ange:") == std::string::npos);
    CHECK(parsed.asked->text.ends_with("\r\n\r\n{}"));
    const auto refused = [](const std::string& text) { return parse_request(text).refused; };
    CHECK(refused("PUT / HTTP/1.1\r\n\r\n") == 405);
    CHECK(refused("GET / HTTP/2\r\n\r\n") == 400);
    CHECK(refused("GET http://other/ HTTP/1.1\r\n\r\n") == 400);
    CHECK(refused("GET /a\x01 HTTP/1.1\r\n\r\n") == 400);
    CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
    CHECK(refused("GET / HTTP/1.1\r\n: a\r\n\r\n") == 400);
    CHECK(refused("GET /" + std::string(200, 'a') + " HTTP/1.1\r\n\r\n") == 414);
    CHECK(refused("GET / HTTP/1.1\r\nX: " + std::string(longest_head, 'a')) == 431);
    CHECK(refused("POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n") == 413);
    CHECK(refused("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == 400);
    CHECK(refused("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n") == 400);
    CHECK(refused("POST / HTTP/1.1\r\n\r\n") == 411);
    CHECK(refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") == 411);
    CHECK(refused("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}") == 415);
    CHECK(refused("GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n") == 417);
}

TEST_CASE("whatever is sent, something sensible is answered") {
    Desk desk;
    desk.classroom->show(asked({5}), tests::bundled());
    const std::string own =
        "Stepscope-Voter: " + desk.join() + "\r\nOrigin: http://localhost:8099\r\n";
    CHECK(status_of(desk.ask("GET / HTTP/1.1\r\nHost: 1%92.168.1.20\r\n\r\n")) == 403);
    const std::string seeds[] = {get("/?code=kmrt"), get("/KMRT/state", own),
                                 get("/KMRT/web/%2e%2e/x"),
                                 post("/KMRT/vote", R"({"round":1,"typed":"Mia"})", own),
                                 post("/KMRT/vote", R"({"round":1,"id":2})", own)};
    std::mt19937 random(7);
    int answered = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string request = seeds[random() % std::size(seeds)];
        for (unsigned change = 1 + random() % 4; change > 0; --change) {
            const size_t at = random() % request.size();
            const unsigned how = random() % 4;
            if (how == 0) request[at] = static_cast<char>(random());
            if (how == 1) request.erase(at, 1 + random() % 8);
            if (how == 2) request.insert(at, request.substr(random() % request.size(), 12));
            if (how == 3) request.insert(at, 1, "\r\n%/\"{}:,0"[random() % 11]);
            if (request.empty()) request = "x";
        }
        Parsed parsed = parse_request(request);
        if (!parsed.asked) continue;
        parsed.asked->peer = 1000 + random();  // another one each time, who may try a code
        const int status = status_of(desk.routes.answer(*parsed.asked).bytes);
        INFO(parsed.asked->text);
        CHECK((status == 200 || status == 204 || status == 303 || (status >= 400 && status < 430)));
        ++answered;
    }
    CHECK(answered > 500);
}

TEST_CASE("an allowance fills again, each for its own") {
    Allowances all({3, 1});
    for (int i = 0; i < 3; ++i) CHECK(all.take(7, now));
    CHECK_FALSE(all.take(7, now));
    CHECK_FALSE(all.has(7, now));
    CHECK(all.take(8, now));
    CHECK(all.take(7, now + 1100ms));
    CHECK_FALSE(all.take(7, now + 1200ms));
    CHECK(all.size() == 2);
    all.sweep(now + 10s);
    CHECK(all.size() == 0);
    Allowances few({1, 1}, 2);
    for (uint64_t who = 0; who < 3; ++who) CHECK(few.take(who, now));
    CHECK_FALSE(few.take(9, now));
}

TEST_CASE("a voter has one vote a text and may change it") {
    Classroom room;
    const std::string a = room.join(now), b = room.join(now);
    CHECK(a.size() == 32);
    CHECK(a != b);
    room.show(asked({5}), tests::bundled());
    const int round = Json::parse(room.page()->json)["round"];
    using Result = Classroom::Vote::Result;
    CHECK(room.vote(a, round, 1, now).result == Result::taken);
    CHECK(room.vote(a, round, 1, now).result == Result::taken);
    CHECK(room.vote(a, round, 2, now).shown == tests::bundled()->shown(2));
    CHECK(room.vote(b, round, 2, now).result == Result::taken);
    CHECK(room.tally({5}) == std::vector<viz::Guess>{{2, 2}});
    CHECK(room.vote("nobody", round, 2, now).result == Result::stranger);
    CHECK(room.vote(b, round + 1, 2, now).result == Result::moved_on);
    CHECK(room.vote(b, round, 1 << 20, now).result == Result::no_token);
    CHECK(room.take_news());
    CHECK_FALSE(room.take_news());
    ClassView view = asked({5});
    view.phase = ClassView::Phase::closed;
    room.show(view, tests::bundled());
    CHECK(room.vote(b, round, 1, now).result == Result::closed);
    room.show(asked({5, 6}), tests::bundled());
    CHECK(room.vote(b, round, 1, now).result == Result::moved_on);
    CHECK(room.count(now).voted == 0);
    room.show(asked({5}), tests::bundled());  // back: the votes are there
    CHECK(room.count(now).voted == 2);
    CHECK(room.count(now).there == 2);
    CHECK(room.count(now + 1min).there == 0);
    for (int i = 0; i < 10; ++i) (void)room.vote(b, round, 1, now);
    CHECK(room.vote(b, round, 1, now).result == Result::too_often);
    CHECK(room.vote(b, round, 1, now + 2s).result == Result::taken);
}

TEST_CASE("what is typed must be one token as the text goes on") {
    Classroom room;
    room.show(asked({5}), tests::bundled());
    const std::string voter = room.join(now);
    const auto mia = room.vote(voter, 1, std::string("Mia"), now);
    CHECK(mia.shown == "␣Mia");
    CHECK(room.vote(voter, 1, std::string("."), now).shown == ".");
    const auto many = room.vote(voter, 1, std::string("extraordinariness"), now);
    CHECK(many.result == Classroom::Vote::Result::no_token);
    CHECK(many.pieces.size() > 1);
    CHECK(many.pieces.front().shown.starts_with("␣"));
    CHECK(room.tally({5}) ==
          std::vector<viz::Guess>{{room.vote(voter, 1, std::string("."), now).id, 1}});
}

TEST_CASE("the class is not without end") {
    Classroom room;
    int came = 0;
    while (came < 2000 && !room.join(now).empty()) ++came;
    CHECK(came == 1200);
    const std::string voter = room.join(now + 1h);  // those are long gone
    CHECK_FALSE(voter.empty());
    for (int i = 0; i < 200; ++i) {
        room.show(asked({i}), tests::bundled());
        CHECK(room.vote(voter, i + 1, 2, now + 1h + i * 1s).result ==
              Classroom::Vote::Result::taken);
    }
    CHECK(room.tally({199}) == std::vector<viz::Guess>{{2, 1}});
    CHECK_FALSE(room.tally({0}));  // not "nobody voted"
    CHECK(Json::parse(room.page()->json)["round"] == 200);
}

TEST_CASE("pages are for those with the code, and votes for the class's own page") {
    Desk desk;
    desk.classroom->show(asked({5}), tests::bundled());
    CHECK(status_of(desk.ask(get("/"))) == 200);
    CHECK(status_of(desk.ask(get("/?code=kmrt"))) == 303);
    CHECK(desk.ask(get("/?code=kmrt")).find("Location: /KMRT/\r\n") != std::string::npos);
    CHECK(desk.ask(get("/?code=//evil.example")).find("Location") == std::string::npos);
    CHECK(status_of(desk.ask(get("/KMRT"))) == 303);
    CHECK(desk.ask(get("/KMRT/")).find("Content-Security-Policy: default-src 'none'") !=
          std::string::npos);
    CHECK(status_of(desk.ask(get("/kmrt/phone.js"))) == 200);
    CHECK(status_of(desk.ask(get("/ZZZZ/state"))) == 404);
    CHECK(status_of(desk.ask("GET /KMRT/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 403);
    CHECK(status_of(desk.ask(get("/KMRT/state", "Sec-Fetch-Site: cross-site\r\n"))) == 403);
    for (const char* path :
         {"/KMRT/../x", "/KMRT/%2e%2e/x", "/KMRT/web/..", "/KMRT/web/", "/KMRT/x"}) {
        CHECK(status_of(desk.ask(get(path))) == 404);
    }
    const std::string voter = desk.join();
    const std::string own = "Stepscope-Voter: " + voter + "\r\n";
    const auto vote = [&](const std::string& body, const std::string& more) {
        return desk.ask(post("/KMRT/vote", body, more));
    };
    const std::string right = R"({"round":1,"id":2})";
    CHECK(status_of(vote(right, own)) == 200);
    CHECK(body_of(vote(right, own))["id"] == 2);
    CHECK(status_of(vote(right, "")) == 401);
    CHECK(status_of(vote(right, own + "Origin: http://evil.example\r\n")) == 403);
    CHECK(status_of(vote(right, own + "Origin: http://localhost:8099\r\n")) != 403);
    CHECK(status_of(vote(right, own + "Sec-Fetch-Site: same-site\r\n")) == 403);
    for (const char* body :
         {"", "[]", "{}", R"({"round":1})", R"({"round":1,"id":"2"})", R"({"round":1,"id":-2})",
          R"({"round":1.5,"id":2})", R"({"round":1,"id":2,"x":1})", R"({"round":1,"typed":7})",
          "{\"round\":1"}) {
        CHECK(status_of(vote(body, own)) == 400);
    }
    CHECK(status_of(vote(R"({"round":1,"typed":"a\nb"})", own)) == 422);
    CHECK(status_of(vote("{\"round\":1,\"typed\":\"" + std::string(100, 'a') + "\"}", own)) == 422);
    const std::string page = desk.ask(get("/KMRT/state"));
    const size_t tag = page.find("ETag: ") + 6;
    const std::string etag = page.substr(tag, page.find("\r\n", tag) - tag);
    CHECK(status_of(desk.ask(get("/KMRT/state", "If-None-Match: " + etag + "\r\n"))) == 304);
}

TEST_CASE("the program for browsers is the files that were there") {
    const tests::TempFolder folder;
    tests::write(folder / "index.html", "<p>");
    tests::write(folder / "stepscope.wasm", std::string(3 << 20, 'w'));
    tests::write(folder / ".hidden.html", "x");
    tests::write(folder / "notes.doc", "x");
    const WebFiles files = web_files(folder.path());
    CHECK(files.size() == 2);
    tests::write(folder / "later.html", "x");
    ClassRoutes routes("KMRT", files, std::make_shared<Classroom>());
    const auto ask = [&](const std::string& request) {
        return routes.answer(*parse_request(request).asked);
    };
    const Reply page = ask(get("/KMRT/web/")), wasm = ask(get("/KMRT/web/stepscope.wasm"));
    CHECK(page.bytes.find("Content-Length: 3\r\n") != std::string::npos);
    CHECK(page.bytes.find("Content-Length", page.bytes.find("Content-Length") + 1) ==
          std::string::npos);
    CHECK(page.bytes.ends_with("\r\n\r\n"));
    CHECK(page.bytes.find("Cache-Control: private, max-age=86400\r\n") != std::string::npos);
    CHECK(page.bytes.find("no-store") == std::string::npos);
    CHECK(*page.file == "<p>");
    CHECK(wasm.file->size() == 3 << 20);
    CHECK(wasm.bytes.find("Content-Type: application/wasm\r\n") != std::string::npos);
    CHECK(ask(get("/KMRT/web/stepscope.wasm")).file == wasm.file);  // held once
    CHECK_FALSE(ask("HEAD" + get("/KMRT/web/").substr(3)).file);
    for (const char* name : {"later.html", ".hidden.html", "notes.doc", "../x"}) {
        CHECK(status_of(ask(get(std::string("/KMRT/web/") + name)).bytes) == 404);
    }
    CHECK(status_of(ask(get("/KMRT/run")).bytes) == 409);   // none is told
    CHECK(status_of(Desk().ask(get("/KMRT/run"))) == 404);  // nor would be
    std::filesystem::remove(folder / "index.html");
    CHECK(web_files(folder.path()).empty());
}

TEST_CASE("codes cannot be searched for, and who is in stays in") {
    Desk desk;
    const std::string own = "Stepscope-Voter: " + desk.join(2) + "\r\n";
    int told = 0;
    while (told < 100 && status_of(desk.ask(get("/ZZZZ/"), 2)) == 404) ++told;
    CHECK(told == 10);
    for (int i = 0; i < 100; ++i) (void)desk.ask(get("/apple-touch-icon.png"), 4);
    CHECK(status_of(desk.ask(get("/KMRT/"), 4)) == 200);  // that was no code
    CHECK(status_of(desk.ask(get("/KMRT/"), 2)) == 429);
    CHECK(status_of(desk.ask(get("/KMRT/state", own), 2)) == 200);
    CHECK(status_of(desk.ask(get("/KMRT/"), 3)) == 200);
    for (uint64_t peer = 100; peer < 200; ++peer) {
        for (int i = 0; i < 5; ++i) (void)desk.ask(get("/ZZZZ/"), peer);
    }
    CHECK(status_of(desk.ask(get("/KMRT/"), 3)) == 429);  // of all together
    CHECK(status_of(desk.ask(get("/KMRT/state", own), 2)) == 200);
}

TEST_CASE("of one address only some come in at once") {
    Desk desk;
    int came = 0;
    while (came < 1000 && status_of(desk.ask(post("/KMRT/join", "{}"), 5)) == 200) ++came;
    CHECK(came >= 150);
    CHECK(came < 200);
    CHECK(status_of(desk.ask(post("/KMRT/join", "{}"), 6)) == 200);
}

TEST_CASE("codes, addresses and their squares") {
    for (int i = 0; i < 100; ++i) {
        const std::string code = random_code();
        CHECK(code.size() == code_length);
        CHECK(code.find_first_not_of(code_letters) == std::string::npos);
        CHECK(code_from(code) == code);
    }
    CHECK(code_from("kmrt") == "KMRT");
    CHECK(code_from("KMR").empty());
    CHECK(code_from("KM/T").empty());
    CHECK(address_rank("wlp2s0", 0xC0A80114) < address_rank("eth0", 0xC0A80115));
    CHECK(address_rank("eth0", 0xC0A80115) < address_rank("docker0", 0xAC110001));
    CHECK(address_rank("docker0", 0xAC110001) < address_rank("eth0", 0xA9FE0101));
    CHECK(is_own_host("192.168.1.20:8099"));
    CHECK(is_own_host("LOCALHOST"));
    CHECK_FALSE(is_own_host("evil.example:8099"));
    CHECK_FALSE(is_own_host(""));
    const QrCode code = qr_code("http://192.168.100.200:8099/KMRT");
    CHECK(code.size == 29);
    CHECK(code.dark.size() == 841);
    CHECK(code.dark[0]);
    size_t bytes = 0;
    for (const auto& [name, text] : page_files()) bytes += text.size();
    CHECK(bytes < 60000);
}

namespace {

// One request over a socket, as a phone sends it.
std::string over_socket(int port, const std::string& request) {
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
        send(made, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        shutdown(made, SHUT_WR);  // no more of it comes
        char bytes[4096];
        ssize_t got = 0;
        while ((got = recv(made, bytes, sizeof bytes, 0)) > 0) {
            answer.append(bytes, static_cast<size_t>(got));
        }
    }
    close(made);
    return answer;
}

}  // namespace

TEST_CASE("many phones vote while the window looks and moves on") {
    const auto room = std::make_shared<Classroom>();
    std::atomic<int> woken = 0;
    ClassServer server({0, {}, "KMRT"}, room, [&] { ++woken; });
    CHECK(server.addresses().front().ends_with(":" + std::to_string(server.port()) + "/KMRT"));
    room->show(asked({5}), tests::bundled());
    constexpr int phones = 8, votes = 5;
    std::atomic<int> taken = 0, came = 0;
    std::atomic<bool> done = false;
    {
        std::vector<std::jthread> threads;
        for (int phone = 0; phone < phones; ++phone) {
            threads.emplace_back([&, phone] {
                const std::string voter =
                    body_of(over_socket(server.port(), post("/KMRT/join", "{}")))["voter"];
                const std::string own = "Stepscope-Voter: " + voter + "\r\n";
                ++came;
                for (int i = 0; i < votes; ++i) {
                    (void)over_socket(server.port(), get("/KMRT/state", own));
                    const std::string body =
                        i % 2 == 0 ? R"({"round":1,"typed":"Mia"})"
                                   : R"({"round":1,"id":)" + std::to_string(phone) + "}";
                    taken +=
                        status_of(over_socket(server.port(), post("/KMRT/vote", body, own))) == 200;
                }
            });
        }
        threads.emplace_back([&] {
            // From the same address: nobody else comes in after that.
            while (came < phones) std::this_thread::sleep_for(1ms);
            while (!done) {
                (void)over_socket(server.port(), "GET /half");
                (void)over_socket(server.port(), get("/ZZZZ/"));
            }
        });
        ClassView view = asked({5});
        for (int i = 0; taken < phones * votes && i < 60000; ++i) {
            view.prompt = "Tom " + std::to_string(i);  // another page for all
            room->show(view, tests::bundled());
            (void)room->tally({5});
            (void)room->count(Classroom::Clock::now());
            std::this_thread::sleep_for(1ms);
        }
        done = true;
    }
    CHECK(taken == phones * votes);
    CHECK(room->count(Classroom::Clock::now()).voted == phones);
    const auto tally = room->tally({5});
    REQUIRE(tally);
    REQUIRE(tally->size() == 1);
    CHECK(tally->front().votes == phones);
    for (int i = 0; woken == 0 && i < 1000; ++i) std::this_thread::sleep_for(10ms);
    CHECK(woken > 0);
}

TEST_CASE("a port that is taken is said, and the next is found") {
    const auto room = std::make_shared<Classroom>();
    ClassServer first({0, {}}, room, [] {});
    const int port = first.port();
    const std::string said = tests::error_of([&] { ClassServer({port, {}}, room, [] {}); });
    CHECK(said.starts_with("--port " + std::to_string(port) + ": another program has this port"));
}
