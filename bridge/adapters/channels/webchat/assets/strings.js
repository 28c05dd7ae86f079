/** Everything a customer reads, in every language we speak. */
export const STRINGS = {
  en: {
    chat: "Chat", welcome: "Hi! How can we help?", open: "Open chat", close: "Close chat", unread: "{n} unread",
    log: "Conversation", write: "Write a message…", message: "Message", send: "Send",
    attach: "Attach files", remove: "Remove {name}", drop: "Drop files to attach them",
    you: "You", bot: "Assistant", today: "Today", yesterday: "Yesterday",
    typing: "{name} is typing", edited: "edited", deleted: "Message deleted",
    sent: "Sent", waiting: "Waiting for connection", sending: "Sending", failed: "Not sent",
    retry: "Try again", discard: "Discard", download: "Download {name}",
    reply: "Reply", edit: "Edit", del: "Delete", editing: "Editing your message",
    replying: "Replying to {name}", cancel: "Cancel",
    offline: "You are offline. What you write is kept and sent later.",
    reconnecting: "Reconnecting…", elsewhere: "This chat is not available on this page. Please contact us another way.", refused: "This chat could not be opened. Reload the page.",
    jump: "New messages", earlier: "Earlier messages", choices: "Answers to choose from",
    big: "“{name}” is too big. The limit is {max}.", many: "At most {max} files at a time.",
    empty: "“{name}” is empty.",
    gone: "The file could not be loaded.", long: "This is too long by {n} characters.",
    file: "File", actions: "Message actions",
    end: "End conversation", sure: "End this conversation?", again: "You can write again at any time.",
    finish: "End it", stay: "Keep chatting", ended: "You ended the conversation. Write to begin a new one.",
  },
  "pt-BR": {
    chat: "Conversa", welcome: "Olá! Como podemos ajudar?", open: "Abrir conversa", close: "Fechar conversa", unread: "{n} não lidas",
    log: "Conversa", write: "Escreva uma mensagem…", message: "Mensagem", send: "Enviar",
    attach: "Anexar arquivos", remove: "Remover {name}", drop: "Solte os arquivos para anexar",
    you: "Você", bot: "Assistente", today: "Hoje", yesterday: "Ontem",
    typing: "{name} está digitando", edited: "editada", deleted: "Mensagem apagada",
    sent: "Enviada", waiting: "Aguardando conexão", sending: "Enviando", failed: "Não enviada",
    retry: "Tentar de novo", discard: "Descartar", download: "Baixar {name}",
    reply: "Responder", edit: "Editar", del: "Apagar", editing: "Editando sua mensagem",
    replying: "Respondendo a {name}", cancel: "Cancelar",
    offline: "Você está sem internet. O que escrever fica guardado e será enviado depois.",
    reconnecting: "Reconectando…", elsewhere: "O chat não está disponível nesta página. Fale com a gente por outro meio.", refused: "Não foi possível abrir a conversa. Recarregue a página.",
    jump: "Novas mensagens", earlier: "Mensagens anteriores", choices: "Respostas para escolher",
    big: "“{name}” é grande demais. O limite é {max}.", many: "No máximo {max} arquivos por vez.",
    empty: "“{name}” está vazio.",
    gone: "O arquivo não pôde ser carregado.", long: "Texto longo demais: {n} caracteres a mais.",
    file: "Arquivo", actions: "Ações da mensagem",
    end: "Encerrar conversa", sure: "Encerrar esta conversa?", again: "Você pode escrever de novo quando quiser.",
    finish: "Encerrar", stay: "Continuar", ended: "Você encerrou a conversa. Escreva para começar outra.",
  },
};

/** `t("typing", {name})` in the language that `wanted` (a BCP 47 tag) comes nearest to. */
export function translator(wanted) {
  const lang = /^pt/i.test(wanted) ? "pt-BR" : "en";
  const t = (key, values = {}) =>
    STRINGS[lang][key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  return Object.assign(t, { lang });
}
