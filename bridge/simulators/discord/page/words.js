/** What the page itself says, in English and Brazilian Portuguese. */

const EN = {
  you_are: "You are", channels: "Channels", direct: "Direct messages", messages: "Messages", open_menu: "Channels and people", people: "People",
  app: "APP", only_you: "Only you can see this", dismiss: "Dismiss message", edited: "(edited)", today: "Today", yesterday: "Yesterday", thinking: "{app} is thinking…",
  thread: "Thread", posts: "Posts", older: "Older posts", no_posts: "There are no posts yet.", reply_one: "1 message", reply_many: "{n} messages", archived: "This thread is archived; a message opens it again.", locked: "This thread is locked.",
  close: "Close", reply: "Reply", replying: "Replying to {who}", gone: "Original message was deleted", react: "Add a reaction", more: "More actions", apps: "Apps",
  edit: "Edit message", remove: "Delete message", save: "Save", cancel: "Cancel", submit: "Submit", sure_remove: "Delete this message for everybody?",
  write_in: "Message {room}", write_reply: "Message {room}", send: "Send", attach: "Attach a file", attached: "{name} is attached", detach: "Remove {name}", also_send: "",
  read_only: "You cannot write in this channel.", begin: "This is the start of {room}.", begin_post: "", begin_direct: "This is the start of your direct messages with {room}.",
  loading: "Loading…", none: "No results", type_more: "Type at least {n} characters", choose: "Make a selection", search_failed: "Loading options failed", done: "Done",
  required: "This field is required.", trouble: "Something went wrong. Try again.", click_failed: "{app} did not respond in time.", no_commands: "There is no such command here.",
  lost: "Reconnecting…", new_lines: "New", reacted: "{names} reacted with {emoji}", ago_now: "just now", ago_min: "{n} min ago", ago_hour: "{n} h ago",
  pings_one: "1 mention", pings_many: "{n} mentions", unread: "unread", nobody: "Nobody is here yet.", image: "Image", mentions_you: "Mentions you", failed: "That did not work. Try again?", unknown: "This kind of content cannot be shown.",
  details: "Message from {who}, {when}", used: "{who} used a command", spoiler: "Spoiler: press to show", joined_thread: "{who} was added to the thread", left_thread: "{who} was removed from the thread", renamed: "{who} changed the name: {text}", pinned: "{who} pinned a message", opened_thread: "{who} started a thread: {text}", optional: "(optional)",
};
const PT = {
  you_are: "Você é", channels: "Canais", direct: "Mensagens diretas", messages: "Mensagens", open_menu: "Canais e pessoas", people: "Pessoas",
  app: "APP", only_you: "Só você pode ver isto", dismiss: "Descartar mensagem", edited: "(editado)", today: "Hoje", yesterday: "Ontem", thinking: "{app} está pensando…",
  thread: "Tópico", posts: "Publicações", older: "Publicações mais antigas", no_posts: "Ainda não há publicações.", reply_one: "1 mensagem", reply_many: "{n} mensagens", archived: "Este tópico está arquivado; uma mensagem o abre de novo.", locked: "Este tópico está trancado.",
  close: "Fechar", reply: "Responder", replying: "Respondendo a {who}", gone: "A mensagem original foi apagada", react: "Reagir", more: "Mais ações", apps: "Apps",
  edit: "Editar mensagem", remove: "Apagar mensagem", save: "Salvar", cancel: "Cancelar", submit: "Enviar", sure_remove: "Apagar esta mensagem para todos?",
  write_in: "Conversar em {room}", write_reply: "Conversar em {room}", send: "Enviar", attach: "Anexar um arquivo", attached: "{name} está anexado", detach: "Remover {name}", also_send: "",
  read_only: "Você não pode escrever neste canal.", begin: "Este é o começo de {room}.", begin_post: "", begin_direct: "Este é o começo das suas mensagens diretas com {room}.",
  loading: "Carregando…", none: "Nenhum resultado", type_more: "Digite pelo menos {n} caracteres", choose: "Escolha", search_failed: "Não foi possível carregar as opções", done: "Pronto",
  required: "Preencha este campo.", trouble: "Algo deu errado. Tente de novo.", click_failed: "{app} não respondeu a tempo.", no_commands: "Não há esse comando aqui.",
  lost: "Reconectando…", new_lines: "Novas", reacted: "{names} reagiu com {emoji}", ago_now: "agora", ago_min: "há {n} min", ago_hour: "há {n} h",
  pings_one: "1 menção", pings_many: "{n} menções", unread: "não lidas", nobody: "Ninguém está aqui ainda.", image: "Imagem", mentions_you: "Menciona você", failed: "Não deu certo. Tentar de novo?", unknown: "Este tipo de conteúdo não pode ser mostrado.",
  details: "Mensagem de {who}, {when}", used: "{who} usou um comando", spoiler: "Spoiler: clique para mostrar", joined_thread: "{who} entrou no tópico", left_thread: "{who} saiu do tópico", renamed: "{who} mudou o nome: {text}", pinned: "{who} fixou uma mensagem", opened_thread: "{who} abriu um tópico: {text}", optional: "(opcional)",
};

let spoken = EN;

/** The language as browsers name it. */
export let tag = "en";

/** Speak this language from now on. */
export function speak(wanted) {
  const portuguese = (wanted || navigator.language).toLowerCase().startsWith("pt");
  spoken = portuguese ? PT : EN;
  tag = portuguese ? "pt-BR" : "en";
  document.documentElement.lang = tag;
}

/** A text, with `{names}` filled. */
export const t = (key, values = {}) => spoken[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** `reply_one` or `reply_many`. */
export const many = (key, n) => t(`${key}_${n === 1 ? "one" : "many"}`, { n });
