import { foldText } from "../fold.ts";
import type { Signal } from "./signal.ts";

/** The verbs of all the languages below; most texts have none of them. */
const VERB =
  /\b(?:ignorie|vergiss|vergessen s|missachte|verwirf|ignore|oublie|neglige|ne (?:t[ie]|resp|sui)|ignora|ha[zg]|olvid|omit[ea]|descarta|dimentica|trascura|esquec|desconsider|negeer|vergeet|zignoruj|zapomnij|glom|zeig|gib|nenne|verrate|wiederhole|drucke|montre|affiche|revel|repet|donne|muestra|repit|imprime|dime|mostr|rivela|ripeti|stampa|toon|herhaal|pokaz|wypisz|visa)/;

/** "Ignore the earlier instructions" and "show your system prompt" in the other languages in which they are met. */
export const FOREIGN_SIGNALS: readonly Signal[] = [
  {
    group: "override",
    weight: 0.75,
    gate: VERB,
    pattern:
      /\b(?:ignoriere?n?|vergiss|vergessen sie|missachten?|verwirf)\s+(?!nicht)(?:[^\s.!?]{1,24}\s){0,4}?(?:[^\s.!?]{0,30}(?:anweisung|instruktion|regel|vorgabe|richtlinie|befehl|anleitung)[^\s.!?]{0,6}|prompts?)/g,
  },
  {
    group: "override",
    weight: 0.75,
    gate: VERB,
    pattern:
      /\b(?:ignore[zr]?|ne (?:respecte|suis|suivez|respectez) plus|oublie[zr]?|neglige[zr]?|ne (?:tiens|tenez) (?:pas|plus) compte (?:de|des))\s+(?:[^\s.!?]{1,24}\s){0,4}?(?:instructions?|consignes?|regles?|directives?|ordres?)\s+(?:precedent|anterieur|initial|ci-dessus|donnee|recue|du systeme|systeme|d'origine)/g,
  },
  {
    group: "override",
    weight: 0.75,
    gate: VERB,
    pattern:
      /\b(?:ignor(?:a|e|ad|en)|ha(?:z|ga) caso omiso|olvid(?:a|e|ate|ense)|omit(?:e|a)|descart(?:a|e))\s+(?:de\s+)?(?:[^\s.!?]{1,24}\s){0,4}?(?:instrucciones|ordenes|reglas|indicaciones|directrices)\s+(?:(?:que\s+)?(?:anterior|previa|inicial|de arriba|del sistema|originales|recib|te dieron|te han dado))/g,
  },
  {
    group: "override",
    weight: 0.75,
    gate: VERB,
    pattern:
      /\b(?:ignora(?:re|te)?|ignore|dimentica(?:re|te)?|trascura|esquec[ae]|desconsider[ae])\s+(?:[^\s.!?]{1,24}\s){0,4}?(?:istruzioni|regole|ordini|direttive|instrucoes|regras|ordens|diretrizes)\s+(?:[^\s.!?]{1,20}\s){0,1}?(?:precedent|iniziali|di sistema|del sistema|ricevut|sopra|anterior|inicia|do sistema|acima|que recebeu)/g,
  },
  {
    group: "override",
    weight: 0.75,
    gate: VERB,
    pattern:
      /\b(?:negeer|vergeet|zignoruj|zapomnij o?|ignorera|glom)\s+(?:[^\s.!?]{1,24}\s){0,4}?(?:instructies|regels|opdrachten|aanwijzingen|instrukcj\w{0,3}|polecen\w{0,3}|zasad\w{0,2}|instruktion\w{0,5}|regler\w{0,2})/g,
  },
  {
    group: "prompt_leak",
    weight: 0.65,
    gate: VERB,
    pattern:
      /\b(?:zeige?n?|gib|nenne|verrate|wiederhole|drucke|montre|affiche|revele|repete|donne|muestra|revela|repite|imprime|dime|mostra|rivela|ripeti|stampa|mostre|revele|repita|toon|herhaal|pokaz|wypisz|visa)\s+(?:[^\s.!?]{1,24}\s){0,5}?(?:system-?\s?(?:prompt|anweisung|nachricht|instruktion)\w{0,3}|(?:prompt|message|instructions?|mensaje|instrucciones|messaggio|istruzioni|mensagem|instrucoes)\s+(?:de |del |di |do |du )?(?:systeme?|sistema)|systeem-?prompt|prompt systemow\w)/g,
  },
  ...[
    "(?:忽略|无视|忘记|忘掉)[^。！？]{0,12}?(?:指令|指示|说明|提示|规则|命令|要求)",
    "(?:指示|命令|ルール|プロンプト)[^。]{0,16}?無視|無視[^。]{0,12}?(?:指令|指示|規則)",
    "(?:지시|명령|규칙|지침)[^.]{0,30}?무시",
    "(?:игнорируй|забудь)(?:те)?[^.!?]{0,60}?(?:инструкци|указани|правил|команд|ограничени|промпт)",
  ].map(
    (pattern): Signal => ({
      group: "override",
      weight: 0.75,
      // What is searched is folded, and so is this.
      pattern: new RegExp(foldText(pattern).text, "g"),
    }),
  ),
];
