# Derives the costs, distances and clusters of a run of veje again with TraMineR, and compares.
#
#   Rscript check.R
#
# Run it in its own folder. A line a comparison; the exit status is 0 when all agree, else 1.
# Where merges tie, Ward's tree depends on which comes first: clusters are compared by the adjusted
# Rand index, and heights for the last merges only, both with room for that.

suppressPackageStartupMessages(library(TraMineR))

table_of <- function(file) {
  read.csv(file, colClasses = "character", na.strings = character(0), fileEncoding = "UTF-8")
}
settings <- table_of("settings.csv")
setting <- function(key) settings$value[settings$key == key]

unique_states <- table_of("unique.csv")
weights <- as.numeric(unique_states$weight)
quarters <- grep("^q[0-9]+$", names(unique_states))
sequences <- suppressMessages(
  seqdef(unique_states[, quarters], alphabet = table_of("alphabet.csv")$state, weights = weights)
)

failed <- FALSE
report <- function(name, value, agrees) {
  cat(sprintf("%s: %.3g, %s\n", name, value, if (agrees) "agrees" else "DIFFERS"))
  if (!agrees) failed <<- TRUE
}
furthest <- function(ours, theirs) max(abs(ours - theirs)) / max(abs(theirs), 1e-12)

# Costs
own <- data.frame(lapply(table_of("costs.csv"), as.numeric), check.names = FALSE)
own_costs <- unname(as.matrix(own[, names(own) != "indel"]))
own_indel <- own$indel
if (setting("costs") == "read") {
  costs <- list(sm = own_costs, indel = own_indel)
} else if (setting("costs") != "none") {
  arguments <- list(
    sequences, method = setting("costs"), lag = as.integer(setting("lag")), weighted = TRUE
  )
  if (setting("cval") != "auto") arguments$cval <- as.numeric(setting("cval"))
  costs <- suppressMessages(do.call(seqcost, arguments))
  apart <- furthest(own_costs, unname(as.matrix(costs$sm)))
  report("costs, largest relative difference", apart, apart < 1e-6)
}

# Distances
arguments <- list(sequences, method = setting("method"), norm = setting("norm"), full.matrix = FALSE)
if (setting("costs") != "none") {
  arguments$sm <- costs$sm
  if (setting("method") != "HAM") {
    arguments$indel <- if (setting("indel") == "auto") costs$indel else as.numeric(setting("indel"))
  }
}
for (key in grep("^parameter[.]", settings$key, value = TRUE)) {
  value <- type.convert(setting(key), as.is = TRUE)
  arguments[[sub("parameter.", "", key, fixed = TRUE)]] <- value
}
distances <- suppressMessages(do.call(seqdist, arguments))
n <- length(weights)
ours <- readBin("distances.bin", "numeric", n * (n - 1) / 2, size = 8, endian = "little")
apart <- furthest(ours, as.vector(distances))
report("distances, largest relative difference", apart, apart < 1e-4)

adjusted_rand <- function(a, b, w) {
  pairs <- function(x) sum(x * (x - 1) / 2)
  both <- xtabs(w ~ a + b)
  all_pairs <- pairs(sum(w))
  expected <- pairs(rowSums(both)) * pairs(colSums(both)) / all_pairs
  most <- (pairs(rowSums(both)) + pairs(colSums(both))) / 2
  if (most == expected) 1 else (pairs(both) - expected) / (most - expected)
}

# Ward's tree of all persons, from unique sequences: distances are scaled to the cost of merging piles
if (setting("ward") != "none") {
  piles <- 2 * outer(weights, weights) / outer(weights, weights, "+")
  squared <- setting("ward") == "D2"
  scaled <- as.dist(as.matrix(distances) * if (squared) sqrt(piles) else piles)
  tree <- hclust(scaled, method = if (squared) "ward.D2" else "ward.D", members = weights)
  k <- as.integer(setting("k"))
  heights <- as.numeric(table_of("heights.csv")$height)
  last <- seq(n - 1, length.out = k - 1, by = -1)
  apart <- furthest(sort(heights)[last], sort(tree$height)[last])
  report("heights of the last merges, largest relative difference", apart, apart < 0.02)
  index <- adjusted_rand(cutree(tree, k), table_of("clusters.csv")$cluster, weights)
  report("clusters, adjusted Rand index", index, index >= 0.9)
}

quit(status = if (failed) 1 else 0)
