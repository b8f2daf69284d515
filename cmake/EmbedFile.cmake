# Run by quorum_embed: writes OUTPUT, a C++ source that holds INPUT's bytes under NAME.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," list "${hex}")
string(REGEX REPLACE "(0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],)" "\\1\n" list "${list}")
file(WRITE ${OUTPUT} "#include <string_view>
namespace quorum::embedded {
static const unsigned char bytes_of_${NAME}[] = {
${list}0};
extern const std::string_view ${NAME};
const std::string_view ${NAME}(reinterpret_cast<const char*>(bytes_of_${NAME}), ${bytes});
}  // namespace quorum::embedded
")
