"""Words and names that people type and the small world may not say: food of the tokenizer alone, so that
none falls into many pieces."""

WORDS = """
the be to of and a in that have it for not on with he as you do at this but his by from they we say her she or an will my one all
would there their what so up out if about who get which go me when make can like time no just him know take people into year your
good some could them see other than then now look only come its over think also back after use two how our work first well way even
new want because any these give day most us is are was were been has had did does said went made came took got saw gave found told
very really much many more most less little few lot always never often sometimes again still already soon later today tomorrow
yesterday tonight morning afternoon evening night week month year hour minute second moment time clock early late
where why while until before during since though although however maybe perhaps probably please thanks thank sorry yes hello goodbye
here everywhere somewhere nowhere inside outside above below under between behind through across around near far away together alone
man woman boy girl child children baby friend family mother father mum dad mom parent brother sister grandma grandpa grandmother
grandfather uncle aunt cousin husband wife son daughter king queen prince princess teacher student pupil doctor nurse lawyer
president minister police soldier boss worker player winner loser leader captain hero villain monster ghost alien zombie vampire
head face eye ear nose mouth tooth teeth hair neck shoulder arm hand finger leg knee foot feet heart blood bone skin body brain
house home room door window wall floor roof garden kitchen bathroom bedroom table chair bed sofa lamp desk shelf mirror stairs
school class classroom lesson homework test exam mark grade book page pen pencil paper notebook board question answer problem
story poem song music film movie picture photo game team match goal score point race prize sport football soccer basketball tennis
baseball hockey volleyball rugby cricket swimming running dancing singing drawing painting reading writing cooking baking
computer laptop phone tablet internet website app video screen keyboard mouse program code robot machine model token word sentence
letter number name language English French Spanish German Italian Chinese Japanese Arabic Russian maths math science history
geography biology chemistry physics art religion philosophy economics politics university college library museum theatre cinema
city town village street road bridge park square shop store market supermarket restaurant cafe hotel hospital church station airport
car bus train bike bicycle plane boat ship truck taxi motorcycle rocket wheel engine driver ticket trip journey travel holiday vacation
country world earth sun moon star sky sea ocean river lake beach island mountain hill valley forest tree flower grass leaf field farm
desert jungle cave rock stone sand snow ice rain wind storm cloud fog weather spring summer autumn winter fire water air light
dog cat horse cow pig sheep goat chicken duck bird fish mouse rabbit bear wolf fox lion tiger elephant monkey snake spider bee ant
dragon unicorn dinosaur shark whale dolphin penguin giraffe zebra camel kangaroo panda parrot turtle frog
food breakfast lunch dinner bread butter cheese milk egg meat chicken beef fish rice pasta pizza burger sandwich soup salad potato
tomato carrot onion fruit apple banana orange lemon grape strawberry cherry peach cake cookie chocolate candy sugar salt pepper
ice cream tea coffee juice water lemonade hungry thirsty delicious tasty sweet sour salty spicy hot cold warm cool
red blue green yellow white black brown pink purple orange grey gray gold silver colour color
big small large tall short long high low wide deep thick thin heavy light fast slow quick hard soft easy difficult simple
old young new fresh clean dirty wet dry full empty open closed rich poor cheap expensive free busy quiet loud dark bright
happy sad angry afraid scared nervous excited bored tired proud lonely surprised worried jealous brave shy kind nice mean rude polite
funny serious clever smart stupid lazy strong weak healthy sick ill dead alive beautiful pretty ugly strange weird normal special
famous important interesting boring amazing awesome terrible horrible wonderful fantastic perfect favourite favorite great best better
worse worst true false right wrong real fake same different possible impossible ready sure safe dangerous secret
begin start stop finish end wait stay leave arrive enter follow carry bring send put hold keep catch throw drop pick push pull
open close break fix build make create draw paint write read learn teach study understand remember forget explain ask answer
call speak talk tell listen hear watch show hide find lose win play run walk jump swim fly climb ride drive sit stand sleep wake
dream eat drink cook buy sell pay cost spend save need want hope wish love like hate enjoy prefer feel touch smell taste laugh smile
cry shout whisper sing dance help thank hurt fight kill die live grow change become turn move try decide choose believe guess agree
happen belong mean seem appear contain include cause allow let must should may might shall ought
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half double first second third last next
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November
December Christmas Easter birthday party present gift wedding holiday weekend
money coin dollar euro pound price bank job office company business factory farmer baker pilot engineer scientist artist singer
actor writer journalist mechanic plumber electrician astronaut detective pirate knight wizard witch giant magic sword castle
treasure map key box bag bottle cup glass plate knife fork spoon bowl rope ladder hammer candle umbrella hat coat shirt trousers
dress skirt shoe sock glove scarf jacket ring watch clock mirror brush blanket pillow ball doll toy kite puzzle balloon
guitar piano violin drum flute trumpet band concert stage
health medicine accident emergency danger help police fire peace war law rule truth lie idea thought mind memory reason example
part piece side place thing kind group line list step level story news history future past energy power force space time
however therefore because otherwise instead besides everybody everyone everything something someone somebody anything anyone nothing
nobody myself yourself himself herself itself themselves ourselves each every both either neither another such own
don can't won't isn't doesn't didn't I'm you're it's that's let's we're they're I've I'll
minecraft fortnite roblox mario pokemon tetris youtube tiktok instagram google netflix
""".split()

NAMES = """
Alexandra Anastasia Andrea Angela Antonia Barbara Caroline Catherine Christina Christine Claudia Deborah Diana Dorothy Elizabeth
Emilia Eleanor Florence Gabriela Gabrielle Hanna Hermione Jasmine Jennifer Johanna Josephine Judith Julie Karin Katharina Katherine
Kimberly Lara Larissa Lisa Luna Madison Margaret Marie Marta Martha Melissa Michelle Milena Monika Natalie Nicole Patricia Petra Pia
Rebecca Sabine Samantha Sandra Sarah Simone Stella Stephanie Susan Sylvia Tamara Tanya Theresa Tiffany Ursula Vanessa Veronica
Victoria Wendy Yvonne Aaron Adrian Albert Alfred Andreas Andrew Anthony Arthur Benjamin Bernard Brian Bruno Cameron Christian
Christopher Connor Cristian Dominic Douglas Dylan Edward Elias Elliot Emil Ernest Evan Fabian Fernando Florian Francis Gabriel Gavin
Gregory Gustav Harold Howard Ian Jason Jeremy Jesus Joel Johannes John Jonathan Joseph Julian Justin Kevin Kurt Lawrence Leonard
Logan Manuel Marcel Marcus Mario Mason Matthew Maximilian Michael Moritz Nathan Nathaniel Nicholas Niklas Nils Owen Patrick Philip
Philipp Ralph Raymond Ricardo Richard Roman Ronald Ryan Samir Scott Sebastian Simon Stephen Steven Theo Theodore Timothy Tobias Tony
Tyler Victor Vincent Walter Wolfgang Xavier Zachary Abdullah Ahmad Amir Ayesha Bilal Farid Farah Fatma Hamza Huda Ismail Jamila
Khadija Mahmoud Mariam Mohamed Muhammad Nadia Rania Rashid Reza Said Samira Tariq Youssef Zahra Zara Aarav Aditya Akash Anil Anjali
Deepak Gita Harsh Ishaan Krishna Manish Neha Nisha Pooja Rajesh Sakshi Shreya Siddharth Sunita Suresh Varun Vivaan Akira Chen Daichi
Emiko Fang Haruto Hiroshi Hua Jiahao Jing Kaito Keiko Lan Lei Li Mai Makoto Nguyen Phuong Qing Riku Satoshi Shota Sora Tuan Wang Xiao
Xin Yan Yang Yong Yuna Zhang Zihan Agata Aleksandra Alexei Andrei Bartosz Bogdan Dagmara Ekaterina Ewa Grzegorz Halina Igor Iryna
Ivana Jana Jaroslav Jelena Katarzyna Krzysztof Ludmila Maciej Marek Marko Mateusz Milan Nikola Nikolai Oleksandr Olena Pawel Sasha
Stanislaw Szymon Taras Tatiana Vladimir Volodymyr Wojciech Yana Zuzanna Abebe Adebayo Aminata Chinua Fatou Folasade Kamau Kwabena
Lerato Mandla Mosi Njeri Nomvula Olumide Oluwaseun Sade Temba Wambui Yaw Ximena Guadalupe Alejandro Alejandra Catalina Emilio
Enrique Esteban Felipe Francisco Gonzalo Guillermo Ignacio Isabel Jorge Marisol Paola Rodrigo Santiago Sergio Silvia Ximena
""".split()
