/** What the page itself says, in English and Brazilian Portuguese. */

const EN = {
  you_are: "You are", channels: "Channels", apps: "Apps", home: "Home", messages: "Messages", open_menu: "Channels and people",
  app: "APP", only_you: "Only visible to you", edited: "(edited)", joined: "joined", today: "Today", yesterday: "Yesterday",
  reply_one: "1 reply", reply_many: "{n} replies", last_reply: "Last reply {when}", new_one: "1 new", new_many: "{n} new",
  thread: "Thread", close: "Close", back: "Back", in_room: "in {room}", reply: "Reply in thread", react: "Add a reaction", more: "More actions",
  edit: "Edit message", remove: "Delete message", save: "Save", cancel: "Cancel", sure_remove: "Delete this message for everybody?",
  write_in: "Message {room}", write_reply: "Reply…", send: "Send", attach: "Attach a file", attached: "{name} is attached", detach: "Remove {name}",
  also_send: "Also send to {room}", replied: "replied to a thread:", deleted: "This message was deleted.", join: "Join channel",
  preview: "You are looking at {room}", archived: "This channel is archived.", read_only: "Sending messages to this app has been turned off.", begin: "This is the very beginning of {room}.", begin_app: "This is the beginning of your messages with {room}.",
  no_home: "This app has not drawn its home yet.", loading: "Loading…", none: "No results", type_more: "Type at least {n} characters", choose: "Choose an option",
  search_failed: "The app did not answer.", required: "Please fill in this field.", trouble: "We had some trouble connecting. Try again?", click_failed: "{app} did not respond.",
  optional: "(optional)", lost: "Reconnecting…", new_lines: "New messages", reacted: "{names} reacted with {emoji}", ago_now: "just now", ago_min: "{n} min ago",
  ago_hour: "{n} h ago", shortcuts: "Shortcuts", pings_one: "1 mention", pings_many: "{n} mentions", unread: "unread", nobody: "Nobody works here yet.", image: "Image",
  mentions_you: "Mentions you", commands: "Commands", people: "People", read_thread: "Open thread: {what}", failed: "That did not work. Try again?", unknown: "This kind of content cannot be shown.", details: "Message from {who}, {when}",
};
const PT = {
  you_are: "Você é", channels: "Canais", apps: "Apps", home: "Início", messages: "Mensagens", open_menu: "Canais e pessoas",
  app: "APP", only_you: "Visível só para você", edited: "(editado)", joined: "entrou", today: "Hoje", yesterday: "Ontem",
  reply_one: "1 resposta", reply_many: "{n} respostas", last_reply: "Última resposta {when}", new_one: "1 nova", new_many: "{n} novas",
  thread: "Conversa", close: "Fechar", back: "Voltar", in_room: "em {room}", reply: "Responder na conversa", react: "Reagir", more: "Mais ações",
  edit: "Editar mensagem", remove: "Apagar mensagem", save: "Salvar", cancel: "Cancelar", sure_remove: "Apagar esta mensagem para todos?",
  write_in: "Mensagem para {room}", write_reply: "Responder…", send: "Enviar", attach: "Anexar um arquivo", attached: "{name} está anexado", detach: "Remover {name}",
  also_send: "Enviar também para {room}", replied: "respondeu a uma conversa:", deleted: "Esta mensagem foi apagada.", join: "Entrar no canal",
  preview: "Você está vendo {room}", archived: "Este canal está arquivado.", read_only: "O envio de mensagens para este app foi desativado.", begin: "Este é o começo de {room}.", begin_app: "Este é o começo das suas mensagens com {room}.",
  no_home: "Este app ainda não desenhou o início.", loading: "Carregando…", none: "Nenhum resultado", type_more: "Digite pelo menos {n} caracteres", choose: "Escolha uma opção",
  search_failed: "O app não respondeu.", required: "Preencha este campo.", trouble: "Não conseguimos conectar. Tentar de novo?", click_failed: "{app} não respondeu.",
  optional: "(opcional)", lost: "Reconectando…", new_lines: "Mensagens novas", reacted: "{names} reagiu com {emoji}", ago_now: "agora", ago_min: "há {n} min",
  ago_hour: "há {n} h", shortcuts: "Atalhos", pings_one: "1 menção", pings_many: "{n} menções", unread: "não lidas", nobody: "Ninguém trabalha aqui ainda.", image: "Imagem",
  mentions_you: "Menciona você", commands: "Comandos", people: "Pessoas", read_thread: "Abrir a conversa: {what}", failed: "Não deu certo. Tentar de novo?", unknown: "Este tipo de conteúdo não pode ser mostrado.", details: "Mensagem de {who}, {when}",
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
