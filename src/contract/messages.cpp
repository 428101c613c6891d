#include "contract/messages.hpp"

namespace ndcall::detail {

std::string format_message(Message message, std::initializer_list<std::string_view> values) {
    std::string_view text = message_rows[static_cast<std::size_t>(message)].text;
    std::string out;
    for (const std::string_view value : values) {
        const std::size_t gap = text.find("{}");
        out += text.substr(0, gap);
        out += value;
        text.remove_prefix(gap + 2);
    }
    return out += text;
}

}  // namespace ndcall::detail
