#pragma once

// What the lecture says, in both languages, and the band in which each figure must lie, in the order of the lessons. What the
// generator of the data knows the lesson asks the generator for.

#include "damla/report/lesson.hpp"

namespace damla::claims {

// 01. Bands and truths follow from the generator of the songs: the lesson sets them.
inline const report::Claim line_tells_rap_from_arabesk{
    .number = 2, .says = "a line tells rap from arabesk: accuracy",
    .says_tr = "bir çizgi rap ile arabeski ayırır: doğruluk", .unit = "%"};
inline const report::Claim song_is_arabesk{
    .number = 3, .says = "a song of 80 BPM, energy 0.3 is arabesk: probability",
    .says_tr = "temposu 80 BPM, enerjisi 0,3 olan şarkı arabesktir: olasılık"};
inline const report::Claim regression_says_a_number{
    .number = 4, .says = "regression says a number (danceability): R²",
    .says_tr = "regresyon bir sayı söyler (dans edilebilirlik): R²"};

// 02. The lesson puts the name of the shape before the first three.
inline const report::Claim one_line{
    .number = 5, .says = "a line (logistic regression)", .says_tr = "bir çizgi (lojistik regresyon)",
    .low = 0, .high = 60, .unit = "%"};
inline const report::Claim eight_neurons{
    .number = 5, .says = "an MLP with 8 hidden neurons", .says_tr = "8 gizli nöronlu MLP",
    .low = 97, .high = 100, .unit = "%"};
inline const report::Claim no_activation{
    .number = 5, .says = "the same MLP without activation", .says_tr = "aynı MLP, aktivasyonsuz",
    .low = 0, .high = 60, .unit = "%"};
inline const report::Claim bigger_model{
    .number = 6, .says = "a bigger model: the least gain from width 2 to 64, over all numbers of examples",
    .says_tr = "daha büyük model: 2 nörondan 64'e en küçük kazanç, bütün örnek sayılarında", .low = 2, .unit = "points"};
inline const report::Claim more_data{
    .number = 6, .says = "more data: the least gain from 60 to 1920 examples, over all widths",
    .says_tr = "daha çok veri: 60 örnekten 1920'ye en küçük kazanç, bütün genişliklerde", .low = 2, .unit = "points"};

// 03.
inline const report::Claim many_inputs{
    .number = 9, .says = "hundreds of thousands of inputs: a page of 300 words in 768 dimensions",
    .says_tr = "yüz binlerce girdi: 768 boyutta 300 kelimelik bir sayfa", .low = 1e5, .high = 1e6};
inline const report::Claim text_labels_itself{
    .number = 13, .says = "the text labels itself: labels per word, and no annotator",
    .says_tr = "metin kendini etiketler: kelime başına etiket, etiketleyici olmadan", .low = 1, .high = 1};
inline const report::Claim words_are_neighbours{
    .number = 7, .says = "müthiş and harika are each other's neighbours: the worse of their two ranks",
    .says_tr = "müthiş ile harika birbirine komşu: iki sıranın kötüsü", .low = 1, .high = 5};

// 04.
inline const report::Claim positive_despite_wrong_labels{
    .number = 8, .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 15 % of labels turned over",
    .says_tr = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin %15'i ters",
    .low = 0.80, .high = 0.90};
inline const report::Claim positive_with_right_labels{
    .number = 8, .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 0 % of labels turned over",
    .says_tr = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin hiçbiri ters değil",
    .low = 0.97, .high = 1};
inline const report::Claim irony_given_away{
    .number = 10, .says = "attık / yedik: no irony is needed, one word tells even a linear bag of words",
    .says_tr = "attık / yedik: ironiye gerek yok, tek kelime doğrusal bir kelime torbasına bile yeter",
    .low = 99, .unit = "%"};
inline const report::Claim irony_transformer{
    .number = 10, .says = "irony (XOR): transformer", .says_tr = "ironi (XOR): transformer",
    .low = 90, .high = 100, .unit = "%"};
inline const report::Claim irony_not_linear{
    .number = 10, .says = "irony (XOR): transformer minus linear bag",
    .says_tr = "ironi (XOR): transformer eksi doğrusal torba", .low = 15, .high = 100, .unit = "points"};
inline const report::Claim irony_mlp{
    .number = 10, .says = "irony (XOR): an MLP on the bag sees it too",
    .says_tr = "ironi (XOR): torba üstünde MLP de görür", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim order_bags{
    .number = 10, .says = "the same words in another order: the better of the two bags",
    .says_tr = "aynı kelimeler başka sırada: iki torbanın iyisi", .low = 0, .high = 55, .unit = "%"};
inline const report::Claim order_transformer{
    .number = 10, .says = "the same words in another order: transformer",
    .says_tr = "aynı kelimeler başka sırada: transformer", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim deep_beats_linear{
    .number = 1, .says = "machine learning < deep learning: MLP minus logistic regression",
    .says_tr = "makine öğrenmesi < derin öğrenme: MLP eksi lojistik regresyon", .low = 5, .high = 100, .unit = "points"};
inline const report::Claim transformer_beats_deep{
    .number = 1, .says = "deep learning < the LLM's architecture: transformer minus MLP",
    .says_tr = "derin öğrenme < LLM'in mimarisi: transformer eksi MLP", .low = 5, .high = 100, .unit = "points"};

// 05. The truths are those of next_word_source().
inline const report::Claim next_is_kutu{
    .number = 12, .says = "P(kutu | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(kutu | Kedilerin uyumayı sevdiği yerlerden biri …)", .low = 0.65, .high = 0.75};
inline const report::Claim next_is_balkon{
    .number = 12, .says = "P(balkon | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(balkon | Kedilerin uyumayı sevdiği yerlerden biri …)", .low = 0.01, .high = 0.03};
inline const report::Claim next_is_zebra{
    .number = 12, .says = "P(zebra | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(zebra | Kedilerin uyumayı sevdiği yerlerden biri …)", .low = 0, .high = 1e-3};
inline const report::Claim distance_from_truth{
    .number = 15, .says = "how far the model is from the truth there: KL divergence",
    .says_tr = "model gerçekten ne kadar uzak: KL ıraksaması", .low = 0, .high = 0.1, .unit = "nats"};
inline const report::Claim not_perfect{  // the lesson fills in the figures, and `low`
    .number = 15, .says = "not perfect: loss above the best possible {:.3f} (± {:.4f})",
    .says_tr = "kusursuz değil: olabilecek en iyi {:.3f} üstündeki kayıp (± {:.4f})",
    .high = 0.05, .unit = "nats", .truth = 0};
inline const report::Claim any_kind_of_text{
    .number = 14, .says = "Turkish, English, German, formula, code: the most that a loss is above the best",
    .says_tr = "Türkçe, İngilizce, Almanca, formül, kod: kaybın olabilecek en iyiden en büyük farkı",
    .high = 0.1, .unit = "nats", .truth = 0};
inline const report::Claim short_or_long{  // the lesson sets band and truth
    .number = 14, .says = "short or long: loss after 25 to 32 words minus loss after the first",
    .says_tr = "kısa ya da uzun: 25–32 kelimeden sonraki kayıp eksi ilk kelimeden sonraki kayıp", .unit = "nats"};

// 06.
inline const report::Claim verb_agrees{
    .number = 10, .says = "the verb agrees with words further back: right last words",
    .says_tr = "fiil, gerideki kelimelerle uyuşur: doğru son kelimeler", .low = 99, .unit = "%"};
inline const report::Claim head_for_previous_word{
    .number = 10, .says = "a head looks at the previous word: its weight there",
    .says_tr = "bir kafa bir önceki kelimeye bakar: oradaki ağırlığı", .low = 0.5};
inline const report::Claim head_for_subject{
    .number = 10, .says = "a head looks at the subject: its weight there",
    .says_tr = "bir kafa özneye bakar: oradaki ağırlığı", .low = 0.5};
inline const report::Claim nobody_looks_ahead{
    .number = 16, .says = "nobody looks ahead: the largest weight on a later word",
    .says_tr = "kimse ileriye bakmaz: sonraki bir kelimedeki en büyük ağırlık", .low = 0, .high = 0};
inline const report::Claim parameters_of_gpt2{
    .number = 11, .says = "neurons and parameters: those of GPT-2 small",
    .says_tr = "nöronlar ve parametreler: GPT-2 small'un parametreleri", .low = 124'439'808, .high = 124'439'808};

// 07.
inline const report::Claim temperature_spreads{
    .number = 16, .says = "a higher temperature spreads the choice: least gain of entropy per step of 0.5, 1, 2",
    .says_tr = "sıcaklık arttıkça seçim yayılır: 0,5 → 1 → 2 adımlarında en küçük entropi artışı",
    .low = 0.01, .unit = "nats"};
inline const report::Claim cache_keeps_words{
    .number = 16, .says = "predict, append, repeat: words that are the same with and without the cache",
    .says_tr = "tahmin et, ekle, tekrarla: önbellekle ve önbelleksiz aynı olan kelimeler",
    .low = 100, .high = 100, .unit = "%"};
inline const report::Claim cache_keeps_logits{
    .number = 16, .says = "largest difference of a logit with and without the cache",
    .says_tr = "önbellekle ve önbelleksiz logit farkının en büyüğü", .high = 1e-4};

// 08.
inline const report::Claim recalls_facts{
    .number = 17, .says = "pre-training learns grammar and facts: recall of 200 facts",
    .says_tr = "ön eğitim dilbilgisini ve bilgileri öğrenir: 200 bilginin hatırlanması", .low = 95, .unit = "%"};
inline const report::Claim question_after_question{
    .number = 18, .says = "“Adın ne?” is answered by “Soyadın ne?”: P(Soyadın)",
    .says_tr = "“Adın ne?” sorusuna “Soyadın ne?” yanıtı: P(Soyadın)", .low = 0.95};
inline const report::Claim no_sign_of_truth{
    .number = 24, .says = "no sign of what is true in the data: how much higher the loss is on the false text",
    .says_tr = "veride neyin doğru olduğuna dair işaret yok: yanlış metinde kayıp ne kadar yüksek",
    .low = -0.1, .high = 0.1, .unit = "nats"};
inline const report::Claim tells_what_it_read{  // the lesson sets band and truth
    .number = 24, .says = "and what it then tells is wrong: true answers of the model that read the false text",
    .says_tr = "ve söyledikleri yanlıştır: yanlış metni okuyan modelin doğru yanıtları", .unit = "%"};

// 09.
inline const report::Claim no_answer_before{
    .number = 19, .says = "before tuning it does not answer: the right word within eight after a question",
    .says_tr = "ince ayardan önce yanıt vermez: sorudan sonraki sekiz kelimede doğru olan", .high = 10, .unit = "%"};
inline const report::Claim answers_from_pre_training{
    .number = 22,
    .says = "after tuning it answers from what pre-training gave it: right answers about people never asked about",
    .says_tr = "ince ayardan sonra ön eğitimde öğrendikleriyle yanıtlar: hiç sorulmamış kişiler hakkında doğru yanıtlar",
    .low = 65, .unit = "%"};
inline const report::Claim says_its_name{
    .number = 19, .says = "“Adın ne?” now gets “Benim adım …”: P(Benim)",
    .says_tr = "“Adın ne?” artık “Benim adım …” yanıtını alır: P(Benim)", .low = 0.95};
inline const report::Claim summarises{
    .number = 21, .says = "summarising: exact summaries of matches that it read no report of",
    .says_tr = "özetleme: haberini hiç okumadığı maçların tam doğru özetleri", .low = 95, .unit = "%"};

// 10.
inline const report::Claim taste_from_pairs{
    .number = 20, .says = "a reward model learns the taste from pairs: right about new pairs",
    .says_tr = "ödül modeli beğeniyi çiftlerden öğrenir: yeni çiftlerde doğru", .low = 95, .unit = "%"};
inline const report::Claim hacks_the_reward{
    .number = 20, .says = "β = 0 hacks the reward: right cities", .says_tr = "β = 0 ödülü kandırır: doğru şehirler",
    .low = 0, .high = 20, .unit = "%"};
inline const report::Claim liked_best{
    .number = 20, .says = "… while the reward model likes it best: reward above the next",
    .says_tr = "… ama ödül modeli en çok onu beğenir: sonrakinden fazlası", .low = 0, .high = 2};
inline const report::Claim leash_polite{
    .number = 20, .says = "β = 0.2 is polite", .says_tr = "β = 0,2 kibardır", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim leash_right{
    .number = 20, .says = "β = 0.2 still says the right city", .says_tr = "β = 0,2 hâlâ doğru şehri söyler",
    .low = 85, .high = 100, .unit = "%"};
inline const report::Claim short_leash{
    .number = 20, .says = "β = 1 hardly moves: its KL as a share of β = 0.2's",
    .says_tr = "β = 1 pek kıpırdamaz: KL'si, β = 0,2'ninkine oranla", .low = 0, .high = 0.5};
inline const report::Claim dpo_polite{
    .number = 20, .says = "DPO with the likelihood of the chosen answer is polite",
    .says_tr = "seçilen yanıtın olabilirliği eklenen DPO kibardır", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim dpo_drifts{
    .number = 20, .says = "without it DPO drifts: its KL, times that of the other",
    .says_tr = "o olmadan DPO sürüklenir: KL'si, ötekinin katı olarak", .low = 2, .high = 1e3, .unit = "×"};

// 11.
inline const report::Claim names_a_city{
    .number = 23, .says = "asked about people of whom it read no fact, it names a city",
    .says_tr = "hakkında hiçbir bilgi okumadığı kişiler sorulunca bir şehir söyler", .low = 95, .high = 100, .unit = "%"};
inline const report::Claim sounds_sure{
    .number = 23, .says = "… and sounds sure: mean probability of its answer",
    .says_tr = "… ve emin konuşur: yanıtının ortalama olasılığı", .low = 0.4, .high = 1};
inline const report::Claim learns_to_refuse{
    .number = 25, .says = "“Bilmiyorum” can be taught: refuses unknown people",
    .says_tr = "“Bilmiyorum” öğretilebilir: tanımadığı kişilerde çekimser kalır", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim refuses_too_much{
    .number = 25, .says = "… and what it costs: refuses known people too",
    .says_tr = "… ve bedeli: tanıdığı kişilerde de çekimser kalır", .low = 0, .high = 40, .unit = "%"};
inline const report::Claim refuses_by_heart{
    .number = 25, .says = "two-word names: it refuses those people whom it was taught to refuse",
    .says_tr = "iki kelimelik adlar: çekimser kalması öğretilen kişilerde çekimser kalır", .low = 90, .high = 100, .unit = "%"};
inline const report::Claim cannot_tell_apart{
    .number = 25, .says = "… but the others it cannot tell apart: gap between unknown and known",
    .says_tr = "… ama ötekileri ayıramaz: tanınmayan ile tanınan arasındaki fark",
    .low = -20, .high = 20, .unit = "points"};
inline const report::Claim passage_does_not_help{
    .number = 26, .says = "a passage does not help yet: right about unknown people",
    .says_tr = "metin henüz işe yaramaz: tanınmayan kişilerde doğru", .low = 0, .high = 10, .unit = "%"};
inline const report::Claim reads_the_passage{
    .number = 26, .says = "taught to read it: right about unknown people",
    .says_tr = "metni okumayı öğrenince: tanınmayan kişilerde doğru", .low = 95, .high = 100, .unit = "%"};
inline const report::Claim follows_the_passage{
    .number = 26, .says = "follows the passage over its memory", .says_tr = "belleğine değil metne uyar",
    .low = 95, .high = 100, .unit = "%"};

// 12.
inline const report::Claim zero_shot{
    .number = 27, .says = "zero-shot: instructions with categories that they were never seen with",
    .says_tr = "sıfır örnekle: hiç birlikte görülmedikleri kategorilerle talimatlar", .low = 85, .unit = "%"};
inline const report::Claim few_shot{
    .number = 28, .says = "few-shot: the currency after three examples",
    .says_tr = "birkaç örnekle: üç örnekten sonra para birimi", .low = 85, .high = 100, .unit = "%"};
inline const report::Claim one_layer_cannot{
    .number = 28, .says = "one layer cannot: the currency after three examples",
    .says_tr = "tek katman yapamaz: üç örnekten sonra para birimi", .low = 0, .high = 40, .unit = "%"};
inline const report::Claim keep_the_format{
    .number = 29, .says = "keep the format: points lost when the examples' order is scrambled",
    .says_tr = "biçimi koru: örneklerin sırası karışınca kaybedilen puan", .low = 10, .high = 100, .unit = "%"};

// 13.
inline const report::Claim at_once{
    .number = 30, .says = "asked for the answer at once, and taught so: right about held-out teams",
    .says_tr = "yanıt hemen istenir ve öyle öğretilirse: hiç sorulmamış takımlarda doğru", .high = 15, .unit = "%"};
inline const report::Claim step_by_step{
    .number = 30, .says = "thinking step by step: right about held-out teams",
    .says_tr = "adım adım düşününce: hiç sorulmamış takımlarda doğru", .low = 75, .unit = "%"};

}  // namespace damla::claims
