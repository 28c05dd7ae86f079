/** The emoji that these pages can draw, by the names that Slack gives them. */

const KNOWN = `
grinning 😀  smiley 😃  smile 😄  grin 😁  laughing 😆  sweat_smile 😅  joy 😂
rolling_on_the_floor_laughing 🤣  slightly_smiling_face 🙂  upside_down_face 🙃  wink 😉  blush 😊
innocent 😇  heart_eyes 😍  star-struck 🤩  kissing_heart 😘  yum 😋  stuck_out_tongue 😛  thinking_face 🤔
face_with_raised_eyebrow 🤨  neutral_face 😐  expressionless 😑  smirk 😏  unamused 😒
face_with_rolling_eyes 🙄  grimacing 😬  relieved 😌  pensive 😔  sleepy 😪  sleeping 😴  mask 😷
nerd_face 🤓  sunglasses 😎  confused 😕  worried 😟  slightly_frowning_face 🙁  open_mouth 😮  hushed 😯
astonished 😲  flushed 😳  pleading_face 🥺  cry 😢  sob 😭  scream 😱  disappointed 😞  sweat 😓
tired_face 😫  yawning_face 🥱  angry 😠  rage 😡  exploding_head 🤯  partying_face 🥳  hugging_face 🤗
zany_face 🤪  skull 💀  wave 👋  raised_hand ✋  ok_hand 👌  v ✌️  crossed_fingers 🤞  point_left 👈
point_right 👉  point_up_2 👆  point_down 👇  +1 👍  -1 👎  fist ✊  facepunch 👊  clap 👏  raised_hands 🙌
open_hands 👐  handshake 🤝  pray 🙏  writing_hand ✍️  muscle 💪  eyes 👀  heart ❤️  orange_heart 🧡
yellow_heart 💛  green_heart 💚  blue_heart 💙  purple_heart 💜  black_heart 🖤  broken_heart 💔
sparkling_heart 💖  100 💯  boom 💥  dizzy 💫  speech_balloon 💬  zzz 💤  dog 🐶  cat 🐱  rose 🌹  sunflower 🌻
four_leaf_clover 🍀  coffee ☕  pizza 🍕  cake 🍰  tada 🎉  confetti_ball 🎊  balloon 🎈  gift 🎁  trophy 🏆
soccer ⚽  rocket 🚀  airplane ✈️  car 🚗  house 🏠  hourglass ⌛  hourglass_flowing_sand ⏳  watch ⌚
alarm_clock ⏰  sunny ☀️  cloud ☁️  zap ⚡  fire 🔥  droplet 💧  star ⭐  sparkles ✨  rainbow 🌈
snowflake ❄️  warning ⚠️  no_entry ⛔  no_entry_sign 🚫  x ❌  o ⭕  white_check_mark ✅
heavy_check_mark ✔️  ballot_box_with_check ☑️  question ❓  exclamation ❗  grey_question ❔
heavy_plus_sign ➕  repeat 🔁  arrows_counterclockwise 🔄  arrow_right ➡️  arrow_left ⬅️  arrow_up ⬆️
arrow_down ⬇️  leftwards_arrow_with_hook ↩️  red_circle 🔴  large_orange_circle 🟠
large_yellow_circle 🟡  large_green_circle 🟢  large_blue_circle 🔵  large_purple_circle 🟣
large_brown_circle 🟤  white_circle ⚪  black_circle ⚫  large_red_square 🟥  small_red_triangle 🔺
rotating_light 🚨  bell 🔔  no_bell 🔕  mega 📣  loudspeaker 📢  memo 📝  pencil2 ✏️  pushpin 📌
paperclip 📎  link 🔗  lock 🔒  unlock 🔓  key 🔑  mag 🔍  bulb 💡  package 📦  inbox_tray 📥  outbox_tray 📤
envelope ✉️  email ✉️  telephone_receiver 📞  iphone 📱  computer 💻  camera 📷  art 🎨  headphones 🎧
microphone 🎤  moneybag 💰  credit_card 💳  chart_with_upwards_trend 📈  calendar 📆  date 📅  ticket 🎫
label 🏷️  bookmark 🔖  clipboard 📋  file_folder 📁  books 📚  wrench 🔧  hammer 🔨  gear ⚙️  robot_face 🤖
bust_in_silhouette 👤  busts_in_silhouette 👥  man-shrugging 🤷‍♂️  woman-shrugging 🤷‍♀️  flag-br 🇧🇷
flag-us 🇺🇸  arrow_right_hook ↪️  twisted_rightwards_arrows 🔀  fast_forward ⏩  stopwatch ⏱️
speaking_head_in_silhouette 🗣️  see_no_evil 🙈
`;

/** Names to characters. */
export const signs = new Map(KNOWN.trim().split(/\s{2,}|\n/).map((pair) => pair.split(" ")));
